package io.holdfast.benchmarks;

import io.holdfast.benchmarks.ServicesUnderTest.Address;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.json.JsonMapper;

/** {@link ServicesUnderTest} as this process's child. */
final class PlatformProcess implements AutoCloseable {

  private static final int STOP_LIMIT_SECONDS = 60;

  private final Process process;
  private final Address address;

  private PlatformProcess(Process process, Address address) {
    this.process = process;
    this.address = address;
  }

  /**
   * Starts it and waits until it serves.
   *
   * @throws IOException if it ends instead
   */
  static PlatformProcess start(Path data, List<String> jvmFlags, List<String> arguments)
      throws IOException {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(jvmFlags);
    command.add("--enable-native-access=ALL-UNNAMED");
    command.add("--sun-misc-unsafe-memory-access=allow");
    command.add("-cp");
    command.add(System.getProperty("java.class.path"));
    command.add(ServicesUnderTest.class.getName());
    command.add(data.toString());
    command.addAll(arguments);
    var process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    var output =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    for (String line = output.readLine(); line != null; line = output.readLine()) {
      if (line.startsWith(ServicesUnderTest.READY)) {
        Thread.ofPlatform().daemon().start(() -> output.lines().forEach(System.err::println));
        return new PlatformProcess(
            process,
            new JsonMapper()
                .readValue(line.substring(ServicesUnderTest.READY.length()), Address.class));
      }
      System.err.println(line);
    }
    throw new IOException("the services ended before they were ready; their log is in " + data);
  }

  Address address() {
    return address;
  }

  long pid() {
    return process.pid();
  }

  @Override
  public void close() throws IOException {
    process.getOutputStream().close();
    try {
      if (!process.waitFor(STOP_LIMIT_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
