package io.holdfast.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.json.JsonMapper;

/** A JVM with this one's class path, to which {@link ChildSide} is the other side. */
final class ChildJvm implements AutoCloseable {

  private static final Duration ANSWER_LIMIT = Duration.ofMinutes(3);
  private static final int STOP_LIMIT_SECONDS = 60;
  private static final String ENDED = "ended";

  private final String name;
  private final Process process;
  private final Writer input;
  private final BlockingQueue<String> answers = new LinkedBlockingQueue<>();
  private final String about;

  private ChildJvm(String name, Process process) throws IOException {
    this.name = name;
    this.process = process;
    this.input = new OutputStreamWriter(process.getOutputStream(), StandardCharsets.UTF_8);
    Thread.ofPlatform().daemon().name("output of " + name).start(this::read);
    this.about = answer();
  }

  /**
   * Starts it and waits until it is ready.
   *
   * @param name for messages
   * @throws IOException if it ends instead
   */
  static ChildJvm start(String name, List<String> jvmFlags, Class<?> main, List<String> arguments)
      throws IOException {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(jvmFlags);
    command.add("--enable-native-access=ALL-UNNAMED");
    command.add("--sun-misc-unsafe-memory-access=allow");
    command.add("-cp");
    command.add(System.getProperty("java.class.path"));
    command.add(main.getName());
    command.addAll(arguments);
    var process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    try {
      return new ChildJvm(name, process);
    } catch (IOException | RuntimeException e) {
      process.destroy();
      throw e;
    }
  }

  /** What it said of itself when it was ready. */
  <T> T about(Class<T> type) {
    return new JsonMapper().readValue(about, type);
  }

  long pid() {
    return process.pid();
  }

  /**
   * Has it do something and waits until that is done.
   *
   * @throws IOException if it could not
   */
  void ask(String command) throws IOException {
    input.write(command + "\n");
    input.flush();
    String answer = answer();
    if (answer.startsWith(ChildSide.FAILED)) {
      throw new IOException(name + ": " + command + " " + answer);
    }
  }

  private String answer() throws IOException {
    try {
      String answer = answers.poll(ANSWER_LIMIT.toSeconds(), TimeUnit.SECONDS);
      if (answer == null) {
        throw new IOException(
            "%s did not answer within %d s".formatted(name, ANSWER_LIMIT.toSeconds()));
      }
      if (answer.equals(ENDED)) {
        throw new IOException(name + " ended; see above, and its log in the data folder (--data)");
      }
      return answer;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  private void read() {
    try (var output =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      for (String line = output.readLine(); line != null; line = output.readLine()) {
        if (line.startsWith(ChildSide.PREFIX)) {
          answers.add(line.substring(ChildSide.PREFIX.length()));
        } else {
          System.err.println(line);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      answers.add(ENDED);
    }
  }

  @Override
  public void close() throws IOException {
    try {
      input.close();
      if (!process.waitFor(STOP_LIMIT_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
