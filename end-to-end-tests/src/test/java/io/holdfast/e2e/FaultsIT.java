package io.holdfast.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.quickstart.Platform;
import io.holdfast.quickstart.Service;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Things break while orders flow. Every accepted order ends, and the books balance. */
@TestInstance(Lifecycle.PER_CLASS)
@Timeout(value = 6, unit = TimeUnit.MINUTES)
class FaultsIT {

  private static final Duration RECOVERY = Duration.ofMinutes(2);
  private static final int CLIENTS = 8;

  private Platform platform;
  private Shop shop;
  private Books books;

  @BeforeAll
  void start(@TempDir Path data) {
    platform = TestPlatform.start(data, "--holdfast.place-order.deadline=20s");
    shop = new Shop(platform);
    books = new Books(platform);
  }

  @AfterAll
  void stop() {
    platform.close();
  }

  @Test
  @Tag("F34")
  @Tag("F35")
  void theBrokerRestartsWhileOrdersFlow() {
    var accepted = whileOrdersFlow(2, _ -> platform.kafka().restart());

    assertAllEnded(accepted);
  }

  @Test
  @Tag("F25")
  @Tag("F66")
  void postgresIsKilledWhileOrdersFlow() {
    var accepted =
        whileOrdersFlow(
            2,
            _ -> {
              platform.postgres().kill();
              platform.postgres().restart();
            });

    assertAllEnded(accepted);
  }

  @Test
  @Tag("F25")
  @Tag("F7")
  void theOrchestratorAndItsRelayRestartWhileOrdersFlow() {
    var accepted =
        whileOrdersFlow(
            2,
            _ -> {
              platform.stop(Service.SAGA_ORCHESTRATOR);
              platform.start(Service.SAGA_ORCHESTRATOR);
            });

    assertAllEnded(accepted);
  }

  @Test
  @Tag("F29")
  void aSlotThatSomebodyDroppedIsReplacedAndNothingIsLost() {
    var accepted = whileOrdersFlow(1, _ -> dropSlotWhileRelayIsAway());

    assertAllEnded(accepted);
  }

  private void dropSlotWhileRelayIsAway() {
    platform.stop(Service.SAGA_ORCHESTRATOR);
    Awaitility.await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> books.count("select count(*) from pg_replication_slots where active") == 0);
    books.count("select count(pg_drop_replication_slot(slot_name)) from pg_replication_slots");
    awaitMoreOrders();
    platform.start(Service.SAGA_ORCHESTRATOR);
  }

  private void awaitMoreOrders() {
    long now = books.count("select count(*) from orders.orders");
    Awaitility.await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> books.count("select count(*) from orders.orders") > now + 5);
  }

  /** Clients place orders all the time; {@code fault} strikes that many times. */
  private Collection<UUID> whileOrdersFlow(int times, IntConsumer fault) {
    String sku = shop.good(1_00, 100_000);
    var rich = IntStream.range(0, 5).mapToObj(_ -> shop.customer(10_000_00)).toList();
    var poor = shop.customer(0);
    var accepted = new ConcurrentLinkedQueue<UUID>();
    var open = new AtomicBoolean(true);
    var threads =
        IntStream.range(0, CLIENTS)
            .mapToObj(
                client ->
                    Thread.ofVirtual()
                        .start(
                            () -> {
                              var random = new SplittableRandom(client);
                              while (open.get()) {
                                var customer =
                                    random.nextInt(20) == 0 ? poor : rich.get(random.nextInt(5));
                                placeUntilAccepted(customer, sku, accepted, open);
                              }
                            }))
            .toList();
    for (int strike = 0; strike < times; strike++) {
      awaitAccepted(accepted, accepted.size() + 40);
      fault.accept(strike);
    }
    awaitAccepted(accepted, accepted.size() + 40);
    open.set(false);
    threads.forEach(FaultsIT::join);
    return accepted;
  }

  /** As a client should: the same key until there is an answer. */
  private void placeUntilAccepted(
      UUID customer, String sku, Queue<UUID> accepted, AtomicBoolean open) {
    String key = UUID.randomUUID().toString();
    boolean tried = false;
    while (open.get() || !tried) {
      try {
        var order = shop.place(customer, List.of(new Shop.Line(sku, 1)), null, key, Duration.ZERO);
        accepted.add(Shop.id(order));
        return;
      } catch (RuntimeException e) {
        tried = true;
        LockSupport.parkNanos(Duration.ofMillis(100).toNanos());
      }
    }
  }

  private static void awaitAccepted(Collection<UUID> accepted, int size) {
    Awaitility.await("orders accepted").atMost(RECOVERY).until(() -> accepted.size() >= size);
  }

  private static void join(Thread thread) {
    try {
      assertThat(thread.join(Duration.ofMinutes(1))).isTrue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private void assertAllEnded(Collection<UUID> accepted) {
    books.balance(RECOVERY);
    assertThat(accepted).doesNotHaveDuplicates().hasSizeGreaterThan(80);
    assertThat(accepted.stream().map(order -> Shop.state(shop.order(order))))
        .doesNotContain("PENDING")
        .contains("CONFIRMED");
  }
}
