package io.holdfast.embedded;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/**
 * Runs PostgreSQL's own programs, which refuse to run as root: root runs them in a user namespace,
 * where they see an ordinary user and the files still belong to root.
 */
final class PostgresCommand {

  private final Path home;
  private final List<String> prefix;

  /**
   * @throws StartupFailure if this is root and the system has no user namespaces for it
   */
  PostgresCommand(Path home) {
    this.home = home;
    this.prefix = isRoot() ? List.of("unshare", "-U") : List.of();
    if (!prefix.isEmpty() && !canUnshare()) {
      throw new StartupFailure(
          "PostgreSQL does not run as root, and this system does not let root make user namespaces for it: start as an ordinary user.",
          null);
    }
  }

  record Result(int exitCode, String output) {
    boolean ok() {
      return exitCode == 0;
    }
  }

  /** Runs one of the programs in {@code bin}; killed when it takes longer than the limit. */
  Result run(Duration limit, String program, String... arguments) {
    List<String> command = new ArrayList<>(prefix);
    command.add(home.resolve("bin").resolve(program).toString());
    command.addAll(List.of(arguments));
    try {
      return execute(command, limit);
    } catch (IOException e) {
      throw StartupFailure.of(e, home);
    }
  }

  private boolean canUnshare() {
    List<String> command = new ArrayList<>(prefix);
    command.add("true");
    try {
      return execute(command, Duration.ofSeconds(10)).ok();
    } catch (IOException e) {
      return false; // there is no such program
    }
  }

  private static Result execute(List<String> command, Duration limit) throws IOException {
    // A file, not a pipe: the server that pg_ctl leaves behind could keep a pipe open for ever.
    Path output = Files.createTempFile("holdfast-", ".out");
    try {
      ProcessBuilder builder =
          new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
      builder.environment().keySet().removeIf(name -> name.startsWith("PG"));
      builder.environment().put("LC_ALL", "C"); // messages are read by StartupFailure's callers
      Process process = builder.start();
      process.getOutputStream().close();
      try {
        if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
          process.destroyForcibly();
          return new Result(-1, "no end after " + limit.toSeconds() + " s\n" + text(output));
        }
        return new Result(process.exitValue(), text(output));
      } catch (InterruptedException e) {
        process.destroyForcibly();
        Thread.currentThread().interrupt();
        return new Result(-1, "interrupted");
      }
    } finally {
      Files.deleteIfExists(output);
    }
  }

  private static String text(Path file) throws IOException {
    return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
  }

  private static boolean isRoot() {
    if (System.getProperty("os.name", "").toLowerCase(Locale.ROOT).contains("win")) {
      return false;
    }
    Path self = Path.of("/proc/self");
    try {
      return Files.exists(self)
          ? Integer.valueOf(0).equals(Files.getAttribute(self, "unix:uid"))
          : "root".equals(System.getProperty("user.name"));
    } catch (IOException e) {
      return false;
    }
  }
}
