package io.holdfast.relay;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** A relay in a process of its own, so that it can be killed. */
final class RelayProcess {

  private static final String LEADS = "LEADS";

  private RelayProcess() {}

  public static void main(String[] arguments) throws Exception {
    var settings =
        RelaySettings.of(
            arguments[0],
            Integer.parseInt(arguments[1]),
            TestPostgres.DATABASE,
            "relay",
            TestPostgres.PASSWORD,
            arguments[2]);
    var relay = new OutboxRelay(settings, new SimpleMeterRegistry());
    relay.start();
    var never = new CountDownLatch(1);
    while (relay.state().role() != RelayState.Role.LEADER) {
      never.await(20, TimeUnit.MILLISECONDS);
    }
    System.out.println(LEADS);
    never.await();
  }

  /** Returns when the new process leads. */
  static Process start(RelaySettings settings) throws IOException {
    Process process =
        new ProcessBuilder(
                List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-Xmx256m",
                    "-XX:TieredStopAtLevel=1",
                    "-XX:+UseSerialGC",
                    "-cp",
                    System.getProperty("java.class.path"),
                    RelayProcess.class.getName(),
                    settings.host(),
                    Integer.toString(settings.port()),
                    String.valueOf(settings.producer().get("bootstrap.servers"))))
            .redirectErrorStream(true)
            .start();
    BufferedReader output = process.inputReader();
    for (String line = output.readLine(); line != null; line = output.readLine()) {
      if (line.equals(LEADS)) {
        return process;
      }
    }
    throw new IllegalStateException("the relay's process ended");
  }
}
