package io.holdfast.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import tools.jackson.databind.json.JsonMapper;

/**
 * The child's side of the talk with {@link ChildJvm}: it says that it is ready, does what each line
 * of its standard input asks, answers each, and ends when its input ends.
 */
final class ChildSide {

  /** Begins each line of standard output that is part of the talk. */
  static final String PREFIX = "@holdfast ";

  static final String FAILED = "failed: ";
  private static final String DONE = "done";

  private ChildSide() {}

  /** Does what one line asks. */
  interface Commands {
    void run(String command);
  }

  /**
   * @param about what the parent needs to know, as JSON
   */
  static void serve(Object about, Commands commands) throws IOException {
    say(new JsonMapper().writeValueAsString(about));
    var input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String command = input.readLine(); command != null; command = input.readLine()) {
      try {
        commands.run(command);
        say(DONE);
      } catch (RuntimeException e) {
        say(FAILED + e.toString().replaceAll("\\s+", " "));
      }
    }
  }

  private static void say(String line) {
    System.out.println(PREFIX + line);
    System.out.flush();
  }
}
