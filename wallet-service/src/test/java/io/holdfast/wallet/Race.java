package io.holdfast.wallet;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.IntFunction;

/** Many actors that start at the same moment, each on a thread of its own. */
final class Race {

  private static final int LONGEST_SECONDS = 90;

  private Race() {}

  /** What the actors came to, in their order; the first that failed fails the race. */
  static <T> List<T> of(int actors, IntFunction<Callable<T>> actor) {
    var start = new CountDownLatch(1);
    var running = new ArrayList<Future<T>>();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < actors; i++) {
        var work = actor.apply(i);
        running.add(
            threads.submit(
                () -> {
                  start.await();
                  return work.call();
                }));
      }
      start.countDown();
      var results = new ArrayList<T>();
      for (var one : running) {
        results.add(one.get(LONGEST_SECONDS, TimeUnit.SECONDS));
      }
      return results;
    } catch (InterruptedException | ExecutionException | TimeoutException e) {
      throw new IllegalStateException("an actor failed", e);
    }
  }
}
