package io.holdfast.benchmarks;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class HttpLoadTest {

  private static final byte[] REQUEST =
      "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(US_ASCII);
  private static final int STALL_MILLIS = 300;

  private final AtomicInteger served = new AtomicInteger();
  private final AtomicInteger refused = new AtomicInteger();
  private HttpServer server;
  private volatile CountDownLatch gate = new CountDownLatch(0);
  private volatile int status = 200;

  @BeforeEach
  void serve() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext(
        "/",
        exchange -> {
          await(gate);
          served.incrementAndGet();
          byte[] body = "{\"state\":\"CONFIRMED\"}".getBytes(US_ASCII);
          exchange.sendResponseHeaders(status, served.get() % 2 == 0 ? body.length : 0);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    server.start();
  }

  @AfterEach
  void stop() {
    gate.countDown();
    server.stop(0);
  }

  @Test
  void aClosedLoopKeepsAsManyRequestsInFlightAsAskedForAndCountsEachAnswer() throws Exception {
    try (var load = load()) {
      load.startClosedLoop(8);

      var window = load.run(Duration.ofMillis(300));
      load.drain(Duration.ofSeconds(10));

      assertThat(window.latency().getTotalCount()).isPositive().isLessThanOrEqualTo(served.get());
      assertThat(served.get() - window.latency().getTotalCount()).isLessThanOrEqualTo(8);
      assertThat(refused).hasValue(0);
    }
  }

  @Test
  void anOpenLoopKeepsItsRateWhateverTheAnswersDo() throws Exception {
    try (var load = load()) {
      var window = load.runAtRate(200, Duration.ofSeconds(1));
      load.drain(Duration.ofSeconds(10));

      assertThat(window.latency().getTotalCount()).isBetween(120L, 200L);
    }
  }

  /** Of a loop that waits for its answer, only one request would have seen it. */
  @Test
  void aStallIsSeenByEveryRequestThatItWouldHaveHit() throws Exception {
    gate = new CountDownLatch(1);
    try (var load = load();
        var opener = Executors.newSingleThreadScheduledExecutor()) {
      var opened = opener.schedule(gate::countDown, STALL_MILLIS, TimeUnit.MILLISECONDS);

      var window = load.runAtRate(200, Duration.ofSeconds(1));

      opened.get();
      long late =
          window.latency().getTotalCount()
              - window.latency().getCountBetweenValues(0, STALL_MILLIS / 3 * 1_000L);
      assertThat(late).isGreaterThan(20);
    }
  }

  @Test
  void anAnswerThatIsNoSuccessIsTold() throws Exception {
    status = 503;
    try (var load = load()) {
      load.startClosedLoop(1);

      load.run(Duration.ofMillis(200));
      load.drain(Duration.ofSeconds(10));

      assertThat(refused.get()).isPositive().isEqualTo(served.get());
    }
  }

  @Test
  void anAnswerThatNeverComesEndsTheWait() throws Exception {
    gate = new CountDownLatch(1);
    try (var load = load()) {
      load.startClosedLoop(2);

      assertThatThrownBy(() -> load.drain(Duration.ofMillis(200)))
          .hasMessageContaining("2 of 2 requests were not answered");
    }
  }

  private HttpLoad load() throws IOException {
    return new HttpLoad(
        List.of(server.getAddress()),
        () -> REQUEST,
        (status, _) -> {
          if (status >= 300) {
            refused.incrementAndGet();
          }
        });
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(10, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
