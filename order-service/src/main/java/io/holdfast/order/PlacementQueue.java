package io.holdfast.order;

import io.holdfast.order.PlacementOutcome.Failed;
import io.holdfast.order.PlacementOutcome.Overloaded;
import io.holdfast.order.PlacementOutcome.Unanswered;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stores placements together that arrive together. No timer makes a batch: what gathered while the
 * last transaction committed is the next one. Idle, a batch is one placement.
 *
 * <p>A placement survives the disconnect of its client. If a commit is not answered, the same
 * placement, with the same order id, is stored again until it is known to be there or its time is
 * over.
 */
final class PlacementQueue implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(PlacementQueue.class);
  private static final Duration LOOK_FOR_CLOSE_EVERY = Duration.ofMillis(200);
  private static final Duration FIRST_PAUSE = Duration.ofMillis(20);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(1);

  /** Stores a batch in one transaction. */
  @FunctionalInterface
  interface Writer {

    /**
     * @return one outcome for each placement, in the same order
     */
    List<PlacementOutcome> write(List<Placement> batch);
  }

  private final Writer writer;
  private final Predicate<RuntimeException> blamesPlacement;
  private final OrderProperties.Placement settings;
  private final BlockingQueue<Waiting> queue;
  private final CountDownLatch ended;
  private volatile boolean closed;

  /**
   * @param blamesPlacement whether a failure is a placement's own, and will be the same next time
   */
  PlacementQueue(
      Writer writer,
      Predicate<RuntimeException> blamesPlacement,
      OrderProperties.Placement settings) {
    this.writer = writer;
    this.blamesPlacement = blamesPlacement;
    this.settings = settings;
    this.queue = new LinkedBlockingQueue<>(settings.queueCapacity());
    this.ended = new CountDownLatch(settings.writers());
  }

  private record Waiting(
      Placement placement, CompletableFuture<PlacementOutcome> outcome, long untilNanos) {

    boolean isOver() {
      return outcome.isDone() || System.nanoTime() - untilNanos >= 0;
    }

    void answer(PlacementOutcome answer) {
      outcome.complete(answer);
    }
  }

  /** Stores a placement, and waits for it no longer than the configured time. */
  PlacementOutcome place(Placement placement) {
    var waiting =
        new Waiting(
            placement, new CompletableFuture<>(), System.nanoTime() + settings.timeout().toNanos());
    if (closed || !queue.offer(waiting)) {
      return new Overloaded();
    }
    try {
      return waiting.outcome().get(settings.timeout().toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException _) {
      waiting.answer(new Unanswered());
      return waiting.outcome().join();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return new Unanswered();
    } catch (ExecutionException e) {
      throw new IllegalStateException("outcomes are values", e);
    }
  }

  /** How many wait to be stored. */
  int waiting() {
    return queue.size();
  }

  void start() {
    for (int i = 1; i <= settings.writers(); i++) {
      startWriter("placement-" + i);
    }
  }

  private void startWriter(String name) {
    Thread.ofPlatform().name(name).daemon().start(() -> runUntilClosed(name));
  }

  /** A writer that an {@link Error} ends is replaced: the queue is never left alone. */
  private void runUntilClosed(String name) {
    boolean done = false;
    try {
      while (!closed || !queue.isEmpty()) {
        writeNextBatch();
      }
      done = true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      done = true;
    } finally {
      if (done) {
        ended.countDown();
      } else {
        log.error("writer {} ended with an error and is started again", name);
        startWriter(name);
      }
    }
  }

  private void writeNextBatch() throws InterruptedException {
    var first = queue.poll(LOOK_FOR_CLOSE_EVERY.toNanos(), TimeUnit.NANOSECONDS);
    if (first == null) {
      return;
    }
    var batch = new ArrayList<Waiting>();
    batch.add(first);
    queue.drainTo(batch, settings.maxBatch() - 1);
    try {
      write(batch);
    } finally {
      batch.forEach(waiting -> waiting.answer(new Unanswered()));
    }
  }

  private void write(List<Waiting> batch) throws InterruptedException {
    var open = new ArrayList<>(batch);
    for (var pause = FIRST_PAUSE; ; pause = pauseAndDouble(pause)) {
      open.removeIf(Waiting::isOver);
      if (open.isEmpty()) {
        return;
      }
      try {
        var outcomes = writer.write(open.stream().map(Waiting::placement).toList());
        for (int i = 0; i < open.size(); i++) {
          open.get(i).answer(outcomes.get(i));
        }
        return;
      } catch (RuntimeException e) {
        if (blamesPlacement.test(e)) {
          isolate(open, e);
          return;
        }
        log.warn("{} orders could not be stored yet and are tried again", open.size(), e);
        if (closed) {
          return;
        }
      }
    }
  }

  /** Halves a batch until the culprit stands alone, so that its neighbours are stored. */
  private void isolate(List<Waiting> batch, RuntimeException cause) throws InterruptedException {
    if (batch.size() == 1) {
      var culprit = batch.getFirst();
      log.error("order {} cannot be stored", culprit.placement().orderId(), cause);
      culprit.answer(new Failed());
    } else {
      int middle = batch.size() / 2;
      write(batch.subList(0, middle));
      write(batch.subList(middle, batch.size()));
    }
  }

  private static Duration pauseAndDouble(Duration pause) throws InterruptedException {
    Thread.sleep(pause);
    var doubled = pause.multipliedBy(2);
    return doubled.compareTo(LONGEST_PAUSE) < 0 ? doubled : LONGEST_PAUSE;
  }

  /** Takes no more placements, and stores those that wait. */
  @Override
  public void close() {
    closed = true;
    try {
      if (!ended.await(settings.timeout().toNanos(), TimeUnit.NANOSECONDS)) {
        log.warn(
            "placements are still being stored after {}; not waiting for them", settings.timeout());
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}
