package io.holdfast.order;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class OrderWatchTest {

  private static final Duration LONG = Duration.ofSeconds(20);
  private static final UUID ORDER = UUID.randomUUID();

  private final AtomicReference<List<OrderProgress>> stored = new AtomicReference<>(List.of());
  private final AtomicInteger readings = new AtomicInteger();
  private final OrderWatch watch = new OrderWatch(this::read, Duration.ofMillis(20), 3);

  @AfterEach
  void close() {
    watch.close();
  }

  @Test
  void isToldWhatThisInstanceCommits() {
    var watcher = requireNonNull(watch.watch(ORDER));
    var seen = CompletableFuture.supplyAsync(() -> watcher.await(1, LONG));

    watch.tell(List.of(progress(2, OrderState.CONFIRMED)));

    assertThat(seen.join()).isEqualTo(progress(2, OrderState.CONFIRMED));
  }

  @Test
  void missesNothingBetweenOpeningAndWaiting() {
    var watcher = requireNonNull(watch.watch(ORDER));

    watch.tell(List.of(progress(2, OrderState.CONFIRMED)));

    assertThat(watcher.await(1, Duration.ZERO)).isEqualTo(progress(2, OrderState.CONFIRMED));
  }

  @Test
  void findsWhatAnotherInstanceCommitted() {
    watch.start();
    var watcher = requireNonNull(watch.watch(ORDER));

    stored.set(List.of(progress(2, OrderState.CANCELLED)));

    assertThat(watcher.await(1, LONG)).isEqualTo(progress(2, OrderState.CANCELLED));
  }

  @Test
  void readsNothingWhenNobodyWaits() {
    watch.start();
    requireNonNull(watch.watch(ORDER)).close();
    await().during(Duration.ofMillis(100)).until(() -> readings.get() <= 1);
  }

  @Test
  @Tag("O")
  void neverGoesBackToAnEarlierVersion() {
    var watcher = requireNonNull(watch.watch(ORDER));

    watch.tell(List.of(progress(3, OrderState.CONFIRMED)));
    watch.tell(List.of(progress(2, OrderState.PENDING)));

    assertThat(watcher.await(1, Duration.ZERO)).isEqualTo(progress(3, OrderState.CONFIRMED));
  }

  @Test
  @Tag("R-S3")
  void waitsNoLongerThanAsked() {
    var watcher = requireNonNull(watch.watch(ORDER));

    assertThat(watcher.await(1, Duration.ofMillis(10))).isNull();
  }

  @Test
  @Tag("R-S3")
  void hasPlaceForSoMany() {
    var first = requireNonNull(watch.watch(ORDER));
    requireNonNull(watch.watch(ORDER));
    requireNonNull(watch.watch(UUID.randomUUID()));

    assertThat(watch.watch(ORDER)).isNull();
    first.close();
    first.close();

    assertThat(watch.watch(ORDER)).isNotNull();
    assertThat(watch.watch(ORDER)).isNull();
  }

  @Test
  void endsAllWaitingWhenTheServiceStops() {
    var watcher = requireNonNull(watch.watch(ORDER));
    var seen = CompletableFuture.supplyAsync(() -> watcher.await(1, LONG));

    watch.close();

    assertThat(seen.join()).isNull();
    assertThat(watcher.isOpen()).isFalse();
  }

  private List<OrderProgress> read(Collection<UUID> ids) {
    readings.incrementAndGet();
    return stored.get().stream().filter(order -> ids.contains(order.orderId())).toList();
  }

  private static OrderProgress progress(int version, OrderState state) {
    return new OrderProgress(
        ORDER,
        version,
        state,
        null,
        null,
        Refunded.NONE,
        0,
        Fulfilment.NONE,
        null,
        Instant.EPOCH,
        null,
        null);
  }
}
