package io.holdfast.benchmarks.scenario;

import java.time.Duration;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/** Many who act at the same time, each on a thread and with a randomness of its own. */
final class Actors {

  private final long seed;
  private final Duration limit;
  private final Journal journal;

  /**
   * @param seed makes what each does repeatable, though not when
   * @param limit after which those who still act are interrupted
   */
  Actors(long seed, Duration limit, Journal journal) {
    this.seed = seed;
    this.limit = limit;
    this.journal = journal;
  }

  /** What one does. */
  @FunctionalInterface
  interface Actor {
    /**
     * @param number from 0
     */
    void act(int number, SplittableRandom random) throws InterruptedException;
  }

  /** All begin at the same moment; returns when the last has come to its end. */
  void act(int count, Actor actor) throws InterruptedException {
    var begin = new CountDownLatch(1);
    var ended = new CountDownLatch(count);
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < count; i++) {
        int number = i;
        threads.execute(
            () -> {
              try {
                begin.await();
                actor.act(number, new SplittableRandom(seed + number));
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                journal.unexpected("actor %d was not done in time".formatted(number));
              } catch (RuntimeException e) {
                journal.unexpected("actor %d gave up: %s".formatted(number, e));
              } finally {
                ended.countDown();
              }
            });
      }
      begin.countDown();
      if (!ended.await(limit.toMillis(), TimeUnit.MILLISECONDS)) {
        journal.unexpected(
            "%d of %d actors were not done within %d s"
                .formatted(ended.getCount(), count, limit.toSeconds()));
        threads.shutdownNow();
      }
    }
  }
}
