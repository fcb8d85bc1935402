package io.holdfast.benchmarks;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;

/** Requests to the order service, in a closed loop or at a rate, whose answers are judged. */
final class OrderLoad implements AutoCloseable {

  private static final Duration DRAIN_LIMIT = Duration.ofMinutes(2);
  private static final int SHOWN_FAILURES = 3;

  private final RunKey key;
  private final int expectedStatus;
  private final HttpLoad load;
  private long failures;

  /** Begins to send if {@code key} is that of a closed loop. */
  OrderLoad(Address address, Requests requests, RunKey key) throws IOException {
    this.key = key;
    this.expectedStatus = requests.expectedStatus();
    this.load = new HttpLoad(servers(address), requests::next, this::judge);
    if (key.rate() == 0) {
      load.startClosedLoop(key.c());
    }
  }

  private static List<InetSocketAddress> servers(Address address) {
    return address.orderPorts().stream()
        .map(port -> new InetSocketAddress(InetAddress.getLoopbackAddress(), port))
        .toList();
  }

  /**
   * Lets time pass.
   *
   * @param what is said beside the figures
   */
  HttpLoad.Window pass(Duration length, String what) throws IOException {
    var window = key.rate() > 0 ? load.runAtRate(key.rate(), length) : load.run(length);
    Bench.say(
        "%-36s %7.0f orders/s  p50 %6.1f ms  p99 %6.1f ms  %s"
            .formatted(key.title(), window.perSecond(), window.millis(50), window.millis(99), what)
            .stripTrailing());
    return window;
  }

  /** Sends no more, and waits for the answers that are still to come. */
  void drain() throws IOException {
    load.drain(DRAIN_LIMIT);
  }

  /** Answers other than the wanted one. */
  long failures() {
    return failures;
  }

  private void judge(int status, ByteBuffer answer) {
    if (status != expectedStatus) {
      failures++;
      if (failures <= SHOWN_FAILURES) {
        byte[] bytes = new byte[answer.remaining()];
        answer.get(answer.position(), bytes);
        Bench.say("not as it should be: " + new String(bytes, StandardCharsets.UTF_8));
      }
    }
  }

  @Override
  public void close() throws IOException {
    load.close();
  }
}
