package io.holdfast.payment;

import io.holdfast.messaging.TimerLoop;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Works off due rows, several at the same time, each on a thread of its own, because each waits for
 * the outside world. No more are claimed than there are free places.
 *
 * @param <C> a claimed row
 */
final class DueWork<C> implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(DueWork.class);
  private static final Duration CLOSE_LIMIT = Duration.ofSeconds(2);

  /** Where the rows come from. */
  interface Rows<C> {

    /** Claims due rows for the caller alone, in a transaction of its own. */
    List<C> claim(int limit);

    /** How long until the next row is due; {@code atMost} if none is before that. */
    Duration untilNextDue(Duration atMost);
  }

  private final String name;
  private final Rows<C> rows;
  private final Consumer<C> work;
  private final TimerLoop timer;
  private final Semaphore free;
  private final ExecutorService calls;

  /**
   * @param parallel most rows that are worked at the same time
   */
  DueWork(String name, int parallel, Rows<C> rows, Consumer<C> work) {
    this.name = name;
    this.rows = rows;
    this.work = work;
    this.timer = new TimerLoop(name, this::startDue);
    this.free = new Semaphore(parallel);
    this.calls =
        Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name(name + "-", 0).factory());
  }

  /** What looks for due rows; runs as long as the service. */
  TimerLoop timer() {
    return timer;
  }

  /** Says that a row is due. Call it after the commit that made it so. */
  void wakeUp() {
    timer.wakeUpIn(Duration.ZERO);
  }

  private Duration startDue() {
    int permits = free.drainPermits();
    int started = 0;
    try {
      if (permits > 0) {
        for (var claim : rows.claim(permits)) {
          started++;
          calls.execute(() -> handle(claim));
        }
      }
    } finally {
      free.release(permits - started);
    }
    return started == permits
        ? TimerLoop.LONGEST_SLEEP
        : rows.untilNextDue(TimerLoop.LONGEST_SLEEP);
  }

  private void handle(C claim) {
    try {
      work.accept(claim);
    } catch (RuntimeException e) {
      log.warn("{}: {} failed; it is taken up again when its lease is over", name, claim, e);
    } finally {
      free.release();
      wakeUp();
    }
  }

  /** Lets running calls end; those that do not are asked about by whoever runs next. */
  @Override
  public void close() {
    calls.shutdown();
    try {
      if (!calls.awaitTermination(CLOSE_LIMIT.toMillis(), TimeUnit.MILLISECONDS)) {
        calls.shutdownNow();
      }
    } catch (InterruptedException e) {
      calls.shutdownNow();
      Thread.currentThread().interrupt();
    }
  }
}
