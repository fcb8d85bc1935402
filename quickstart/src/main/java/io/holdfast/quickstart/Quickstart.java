package io.holdfast.quickstart;

import io.holdfast.embedded.StartupFailure;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.slf4j.LoggerFactory;

/** {@code ./holdfast run}. */
public final class Quickstart {

  private static final Duration STOP_LIMIT = Duration.ofSeconds(30);

  private Quickstart() {}

  public static void main(String[] arguments) throws InterruptedException {
    long begin = System.nanoTime();
    PlatformLog.configure(PlatformSettings.dataFolder(arguments));
    try {
      var settings = PlatformSettings.of(arguments);
      requireFreePorts(settings);
      var platform = Platform.start(settings, what -> print("  " + what));
      var stopped = new CountDownLatch(1);
      Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(platform, stopped), "stop"));
      Catalogue.seed(platform);
      print(welcome(platform, Duration.ofNanos(System.nanoTime() - begin)));
      stopped.await();
    } catch (StartupFailure | IllegalArgumentException e) {
      fail(String.valueOf(e.getMessage()));
    } catch (RuntimeException e) {
      LoggerFactory.getLogger(Quickstart.class).error("not started", e);
      fail("not started: %s. The log in the data folder says more.".formatted(e));
    }
  }

  private static void fail(String sentence) {
    print("holdfast: " + sentence);
    System.exit(1);
  }

  private static void stop(Platform platform, CountDownLatch stopped) {
    print("stopping: services, relay, Kafka, PostgreSQL");
    var stop = Thread.ofPlatform().daemon().start(platform::close);
    try {
      if (stop.join(STOP_LIMIT)) {
        print("stopped; data stay in " + platform.settings().data());
      } else {
        print(
            "not stopped after "
                + STOP_LIMIT.toSeconds()
                + " s: ends now; nothing is lost, the next start recovers");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    stopped.countDown();
  }

  private static void requireFreePorts(PlatformSettings settings) {
    for (var service : Service.values()) {
      int port = settings.port(service);
      try (var socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
        socket.setReuseAddress(true);
      } catch (IOException e) {
        throw new StartupFailure(
            "Port %d, which %s needs, is taken: stop the program that uses it, or start with --%s.port=<a free port>."
                .formatted(port, service.title(), service.title()),
            e);
      }
    }
  }

  private static String welcome(Platform platform, Duration took) {
    var customer = Catalogue.CUSTOMERS.getFirst();
    String orders = platform.url(Service.ORDER_SERVICE);
    return """

        Holdfast is ready after %.1f s. Ctrl-C stops it; data are kept in %s

          orders        %s/orders
          stock         %s/stock
          wallet        %s/wallets/%s
          payments      %s/sandbox/payment_intents
          sagas         %s/sagas
          log           %s

        Place an order and wait for its end:

          curl -s -X POST %s/orders -H 'Content-Type: application/json' -H "Idempotency-Key: $(date +%%s%%N)" -H 'Prefer: wait=5' \\
            -d '{"customerId":"%s","lines":[{"sku":"TEA-GREEN","quantity":2}]}'

        Follow what happened to it, with the orderId of the answer:

          curl -s %s/sagas/<orderId>

        Or in another terminal: ./holdfast order
        """
        .formatted(
            took.toMillis() / 1000.0,
            platform.settings().data(),
            orders,
            platform.url(Service.INVENTORY_SERVICE),
            platform.url(Service.WALLET_SERVICE),
            customer.id(),
            platform.url(Service.PAYMENT_SERVICE),
            platform.url(Service.SAGA_ORCHESTRATOR),
            platform.settings().data().resolve("holdfast.log"),
            orders,
            customer.id(),
            platform.url(Service.SAGA_ORCHESTRATOR));
  }

  /** To the person at the terminal; what programs want to say goes to the log. */
  static void print(String text) {
    System.out.println(text);
    System.out.flush();
  }
}
