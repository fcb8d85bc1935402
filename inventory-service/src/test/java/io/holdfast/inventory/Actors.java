package io.holdfast.inventory;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

/** Many that do something at the same moment. */
final class Actors {

  private static final long LIMIT_SECONDS = 60;

  private Actors() {}

  /** What one of them does. */
  @FunctionalInterface
  interface Deed<T> {
    T by(int actor) throws Exception;
  }

  /** Lets {@code count} actors begin together; their results in the order of their numbers. */
  static <T> List<T> atOnce(int count, Deed<T> deed) throws Exception {
    var ready = new CountDownLatch(count);
    var go = new CountDownLatch(1);
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var running =
          IntStream.range(0, count)
              .mapToObj(
                  actor ->
                      threads.submit(
                          (Callable<T>)
                              () -> {
                                ready.countDown();
                                go.await();
                                return deed.by(actor);
                              }))
              .toList();
      ready.await();
      go.countDown();
      var results = new ArrayList<T>();
      for (Future<T> one : running) {
        results.add(one.get(LIMIT_SECONDS, TimeUnit.SECONDS));
      }
      return results;
    }
  }
}
