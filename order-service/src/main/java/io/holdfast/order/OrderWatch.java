package io.holdfast.order;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets requests wait until an order changes. What this instance commits is told at once; what
 * another instance commits is found by reading all watched orders again, in one query, every now
 * and then.
 */
final class OrderWatch implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(OrderWatch.class);

  /** Reads how orders stand; unknown ones are left out. */
  @FunctionalInterface
  interface Reader {
    List<OrderProgress> read(Collection<UUID> orderIds);
  }

  private final Reader reader;
  private final Duration readEvery;
  private final Semaphore places;
  private final ConcurrentHashMap<UUID, Set<Watcher>> watchers = new ConcurrentHashMap<>();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition watchedOrClosed = lock.newCondition();
  private volatile boolean closed;

  OrderWatch(Reader reader, Duration readEvery, int maxWatchers) {
    this.reader = reader;
    this.readEvery = readEvery;
    this.places = new Semaphore(maxWatchers);
  }

  /**
   * One request's view of one order. Open it before reading the order, so that no change is missed.
   */
  final class Watcher implements AutoCloseable {

    private final UUID orderId;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private @Nullable OrderProgress newest;
    private boolean open = true;

    private Watcher(UUID orderId) {
      this.orderId = orderId;
    }

    /**
     * Waits for a change beyond version {@code seen}.
     *
     * @return how the order stands now; null if nothing changed in time, or the service stops
     */
    @Nullable OrderProgress await(int seen, Duration atMost) {
      long until = System.nanoTime() + atMost.toNanos();
      lock.lock();
      try {
        while (open && !closed) {
          if (newest != null && newest.version() > seen) {
            return newest;
          }
          long left = until - System.nanoTime();
          if (left <= 0) {
            return null;
          }
          changed.await(left, TimeUnit.NANOSECONDS);
        }
        return null;
      } catch (InterruptedException _) {
        Thread.currentThread().interrupt();
        return null;
      } finally {
        lock.unlock();
      }
    }

    /** Whether waiting makes sense: neither was it closed, nor does the service stop. */
    boolean isOpen() {
      lock.lock();
      try {
        return open && !closed;
      } finally {
        lock.unlock();
      }
    }

    private void tell(OrderProgress progress) {
      lock.lock();
      try {
        if (newest == null || newest.version() < progress.version()) {
          newest = progress;
          changed.signalAll();
        }
      } finally {
        lock.unlock();
      }
    }

    private void wake() {
      lock.lock();
      try {
        changed.signalAll();
      } finally {
        lock.unlock();
      }
    }

    /** Ends its waiting, too; may be called twice, and from another thread. */
    @Override
    public void close() {
      lock.lock();
      try {
        if (!open) {
          return;
        }
        open = false;
        changed.signalAll();
      } finally {
        lock.unlock();
      }
      watchers.computeIfPresent(
          orderId,
          (_, set) -> {
            set.remove(this);
            return set.isEmpty() ? null : set;
          });
      places.release();
    }
  }

  /**
   * A watcher of {@code orderId}; null if too many watch already: then the client has to ask again.
   */
  @Nullable Watcher watch(UUID orderId) {
    if (closed || !places.tryAcquire()) {
      return null;
    }
    var watcher = new Watcher(orderId);
    watchers.compute(
        orderId,
        (_, set) -> {
          var watching = set == null ? ConcurrentHashMap.<Watcher>newKeySet() : set;
          watching.add(watcher);
          return watching;
        });
    lock.lock();
    try {
      watchedOrClosed.signal();
    } finally {
      lock.unlock();
    }
    return watcher;
  }

  /** Tells watchers what has been committed. Whoever is not told finds out by reading. */
  void tell(Collection<OrderProgress> committed) {
    for (var progress : committed) {
      var watching = watchers.get(progress.orderId());
      if (watching != null) {
        watching.forEach(watcher -> watcher.tell(progress));
      }
    }
  }

  void start() {
    Thread.ofPlatform().name("order-watch").daemon().start(this::run);
  }

  private void run() {
    try {
      while (awaitNextReading()) {
        try {
          tell(reader.read(List.copyOf(watchers.keySet())));
        } catch (RuntimeException e) {
          log.warn("orders that are waited for cannot be read; tried again in {}", readEvery, e);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private boolean awaitNextReading() throws InterruptedException {
    lock.lock();
    try {
      long left = readEvery.toNanos();
      while (!closed && (left > 0 || watchers.isEmpty())) {
        if (watchers.isEmpty()) {
          watchedOrClosed.await();
          left = readEvery.toNanos();
        } else {
          left = watchedOrClosed.awaitNanos(left);
        }
      }
      return !closed;
    } finally {
      lock.unlock();
    }
  }

  /** Ends all waiting, so that requests do not hold up a shutdown. */
  @Override
  public void close() {
    closed = true;
    lock.lock();
    try {
      watchedOrClosed.signalAll();
    } finally {
      lock.unlock();
    }
    watchers.values().forEach(set -> set.forEach(Watcher::wake));
  }
}
