package io.holdfast.messaging;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/**
 * Handles rows that are due, a moment after they become due. It sleeps until the earliest due row;
 * whoever stores an earlier one wakes it. Rows that another instance stored and did not live to
 * handle are found within {@link #LONGEST_SLEEP}.
 */
public final class TimerLoop implements SmartLifecycle {

  /** How late a row can be handled whose instance died. */
  public static final Duration LONGEST_SLEEP = Duration.ofSeconds(1);

  private static final Logger log = LoggerFactory.getLogger(TimerLoop.class);
  private static final Duration PAUSE_AFTER_FAILURE = Duration.ofSeconds(1);

  /** Handles due rows. */
  @FunctionalInterface
  public interface DueRows {

    /**
     * Claims and handles one batch of due rows in a transaction of its own.
     *
     * @return how long until the next row is due; zero or less if one is due already
     */
    Duration handleBatch();
  }

  private final String name;
  private final DueRows dueRows;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition woken = lock.newCondition();
  private long wakeUpAtNanos;
  private volatile boolean running;
  private @Nullable Thread thread;

  public TimerLoop(String name, DueRows dueRows) {
    this.name = name;
    this.dueRows = dueRows;
  }

  /** Says that a row becomes due in {@code delay}. Call it after the commit that stored the row. */
  public void wakeUpIn(Duration delay) {
    long at = System.nanoTime() + delay.toNanos();
    lock.lock();
    try {
      if (at - wakeUpAtNanos < 0) {
        wakeUpAtNanos = at;
        woken.signal();
      }
    } finally {
      lock.unlock();
    }
  }

  private void run() {
    while (running) {
      try {
        sleep(handleBatch());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }

  private Duration handleBatch() {
    try {
      lock.lock();
      try {
        wakeUpAtNanos = System.nanoTime() + LONGEST_SLEEP.toNanos();
      } finally {
        lock.unlock();
      }
      return dueRows.handleBatch();
    } catch (RuntimeException e) {
      if (running) {
        log.warn("timer {} failed and tries again in {}", name, PAUSE_AFTER_FAILURE, e);
      }
      return PAUSE_AFTER_FAILURE;
    }
  }

  /**
   * Sleeps until {@code delay} is over or an earlier wake-up that was asked for since the batch
   * began.
   */
  private void sleep(Duration delay) throws InterruptedException {
    long at = System.nanoTime() + delay.toNanos();
    lock.lock();
    try {
      if (at - wakeUpAtNanos < 0) {
        wakeUpAtNanos = at;
      }
      while (running) {
        long left = wakeUpAtNanos - System.nanoTime();
        if (left <= 0) {
          return;
        }
        woken.await(left, TimeUnit.NANOSECONDS);
      }
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void start() {
    running = true;
    thread = Thread.ofPlatform().name("timer-" + name).daemon().start(this::run);
  }

  @Override
  public void stop() {
    running = false;
    lock.lock();
    try {
      woken.signalAll();
    } finally {
      lock.unlock();
    }
    if (thread != null) {
      try {
        thread.join(Duration.ofSeconds(10));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  @Override
  public boolean isRunning() {
    return running;
  }
}
