package io.holdfast.order;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.holdfast.order.PlacementOutcome.Existing;
import io.holdfast.order.PlacementOutcome.Failed;
import io.holdfast.order.PlacementOutcome.Overloaded;
import io.holdfast.order.PlacementOutcome.Unanswered;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class PlacementQueueTest {

  private final FakeWriter writer = new FakeWriter();
  private final ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor();
  private final List<PlacementQueue> queues = new ArrayList<>();

  @AfterEach
  void close() {
    writer.gate.countDown();
    queues.forEach(PlacementQueue::close);
    clients.close();
  }

  @Test
  void storesTogetherWhatArrivesTogether() {
    var queue = queue(500, 5_000, Duration.ofSeconds(10));
    var first = place(queue, Placements.of("PEN", 1));
    await().until(() -> writer.batches.size() == 1);

    var others = placeMany(queue, 300);
    await().until(() -> queue.waiting() == 300);
    writer.gate.countDown();

    assertThat(first.join()).isInstanceOf(Existing.class);
    assertThat(others).allSatisfy(other -> assertThat(other.join()).isInstanceOf(Existing.class));
    assertThat(writer.sizes()).containsExactly(1, 300);
  }

  @Test
  void aBatchHasALimit() {
    var queue = queue(100, 5_000, Duration.ofSeconds(10));
    var first = place(queue, Placements.of("PEN", 1));
    await().until(() -> writer.batches.size() == 1);

    var others = placeMany(queue, 250);
    await().until(() -> queue.waiting() == 250);
    writer.gate.countDown();

    first.join();
    others.forEach(CompletableFuture::join);
    assertThat(writer.sizes()).containsExactly(1, 100, 100, 50);
  }

  @Test
  void everyPlacementGetsItsOwnAnswer() {
    writer.gate.countDown();
    var queue = queue(500, 5_000, Duration.ofSeconds(10));
    var placements = new ArrayList<Placement>();
    for (int i = 0; i < 200; i++) {
      placements.add(Placements.of("PEN", 1));
    }

    var outcomes = placements.stream().map(placement -> place(queue, placement)).toList();

    for (int i = 0; i < placements.size(); i++) {
      assertThat(outcomes.get(i).join()).isEqualTo(new Existing(placements.get(i).orderId(), true));
    }
  }

  @Test
  @Tag("F19")
  void aBadPlacementFailsAlone() {
    writer.poison = "POISON";
    var queue = queue(500, 5_000, Duration.ofSeconds(10));
    var first = place(queue, Placements.of("PEN", 1));
    await().until(() -> writer.batches.size() == 1);

    var bad = place(queue, Placements.of("POISON", 1));
    var others = placeMany(queue, 20);
    await().until(() -> queue.waiting() == 21);
    writer.gate.countDown();

    assertThat(bad.join()).isInstanceOf(Failed.class);
    assertThat(first.join()).isInstanceOf(Existing.class);
    assertThat(others).allSatisfy(other -> assertThat(other.join()).isInstanceOf(Existing.class));
  }

  @Test
  @Tag("R-S3")
  void turnsAwayWhatDoesNotFit() {
    var queue = queue(500, 10, Duration.ofSeconds(10));
    var first = place(queue, Placements.of("PEN", 1));
    await().until(() -> writer.batches.size() == 1);
    var others = placeMany(queue, 10);
    await().until(() -> queue.waiting() == 10);

    assertThat(queue.place(Placements.of("PEN", 1))).isInstanceOf(Overloaded.class);

    writer.gate.countDown();
    first.join();
    others.forEach(CompletableFuture::join);
  }

  @Test
  @Tag("F66")
  void anUnansweredCommitIsRepeatedWithTheSameId() {
    writer.failuresLeft.set(3);
    writer.gate.countDown();
    var queue = queue(500, 5_000, Duration.ofSeconds(10));
    var placement = Placements.of("PEN", 1);

    var outcome = queue.place(placement);

    assertThat(outcome).isInstanceOf(Existing.class);
    assertThat(writer.batches).hasSize(4).allMatch(batch -> batch.equals(List.of(placement)));
  }

  @Test
  @Tag("R-S3")
  void saysInTimeThatTheOutcomeIsUnknown() {
    writer.failuresLeft.set(Integer.MAX_VALUE);
    writer.gate.countDown();
    var queue = queue(500, 5_000, Duration.ofMillis(100));

    assertThat(queue.place(Placements.of("PEN", 1))).isInstanceOf(Unanswered.class);
  }

  @Test
  @Tag("R-S3")
  void doesNotStoreWhatNobodyWaitsForAnyMore() {
    var queue = queue(500, 5_000, Duration.ofMillis(200));
    var stuck = place(queue, Placements.of("PEN", 1));
    await().until(() -> writer.batches.size() == 1);
    var late = place(queue, Placements.of("LATE", 1));

    assertThat(late.join()).isInstanceOf(Unanswered.class);
    assertThat(stuck.join()).isInstanceOf(Unanswered.class);
    writer.gate.countDown();
    queue.close();

    assertThat(writer.batches).hasSize(1);
  }

  @Test
  void aWriterThatAnErrorEndsIsReplaced() {
    writer.errorsLeft.set(1);
    writer.gate.countDown();
    var queue = queue(500, 5_000, Duration.ofSeconds(10));

    assertThat(queue.place(Placements.of("PEN", 1))).isInstanceOf(Unanswered.class);
    assertThat(queue.place(Placements.of("PEN", 1))).isInstanceOf(Existing.class);
  }

  @Test
  void storesWhatWaitsBeforeItCloses() {
    var queue = queue(500, 5_000, Duration.ofSeconds(10));
    var first = place(queue, Placements.of("PEN", 1));
    await().until(() -> writer.batches.size() == 1);
    var others = placeMany(queue, 5);
    await().until(() -> queue.waiting() == 5);

    var closing = CompletableFuture.runAsync(queue::close, clients);
    await().until(() -> queue.place(Placements.of("PEN", 1)) instanceof Overloaded);
    writer.gate.countDown();
    closing.join();

    assertThat(first.join()).isInstanceOf(Existing.class);
    assertThat(others).allSatisfy(other -> assertThat(other.join()).isInstanceOf(Existing.class));
  }

  private PlacementQueue queue(int maxBatch, int capacity, Duration timeout) {
    var queue =
        new PlacementQueue(
            writer,
            IllegalArgumentException.class::isInstance,
            new OrderProperties.Placement(1, maxBatch, capacity, timeout));
    queue.start();
    queues.add(queue);
    return queue;
  }

  private CompletableFuture<PlacementOutcome> place(PlacementQueue queue, Placement placement) {
    return CompletableFuture.supplyAsync(() -> queue.place(placement), clients);
  }

  private List<CompletableFuture<PlacementOutcome>> placeMany(PlacementQueue queue, int count) {
    var outcomes = new ArrayList<CompletableFuture<PlacementOutcome>>();
    for (int i = 0; i < count; i++) {
      outcomes.add(place(queue, Placements.of("PEN", 1)));
    }
    return outcomes;
  }

  /** Stores nothing, waits at its gate, and fails as told. */
  private static final class FakeWriter implements PlacementQueue.Writer {

    final List<List<Placement>> batches = new CopyOnWriteArrayList<>();
    final CountDownLatch gate = new CountDownLatch(1);
    final AtomicInteger failuresLeft = new AtomicInteger();
    final AtomicInteger errorsLeft = new AtomicInteger();
    volatile String poison = "";

    @Override
    public List<PlacementOutcome> write(List<Placement> batch) {
      batches.add(List.copyOf(batch));
      try {
        gate.await();
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
      if (errorsLeft.getAndDecrement() > 0) {
        throw new AssertionError("an error on purpose");
      }
      if (failuresLeft.getAndDecrement() > 0) {
        throw new IllegalStateException("the connection broke on purpose");
      }
      if (batch.stream().anyMatch(p -> p.lines().getFirst().sku().equals(poison))) {
        throw new IllegalArgumentException("poison on purpose");
      }
      return batch.stream()
          .<PlacementOutcome>map(placement -> new Existing(placement.orderId(), true))
          .toList();
    }

    List<Integer> sizes() {
      return batches.stream().map(List::size).toList();
    }
  }
}
