package io.holdfast.order;

import io.holdfast.order.OrderWatch.Watcher;
import java.time.Duration;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;

/**
 * A request that waits for changes of one order as long as its client prefers. Where too many wait
 * already it does not, and its answer says so.
 */
final class PreferredWait implements AutoCloseable {

  private final Duration wait;
  private final @Nullable Watcher watcher;
  private final long until;

  private PreferredWait(Duration wait, @Nullable Watcher watcher) {
    this.wait = wait;
    this.watcher = watcher;
    this.until = System.nanoTime() + wait.toNanos();
  }

  /**
   * Begin it before the order is read, so that no change is missed.
   *
   * @param wait zero: it is not waited
   */
  static PreferredWait begin(Duration wait, OrderWatch watch, UUID orderId) {
    return new PreferredWait(wait, wait.isZero() ? null : watch.watch(orderId));
  }

  /** How the order stands beyond version {@code seen}; null if it does not in time. */
  @Nullable OrderProgress next(int seen) {
    return watcher == null
        ? null
        : watcher.await(seen, Duration.ofNanos(until - System.nanoTime()));
  }

  /** Says in an answer what was done about the preference. */
  ResponseEntity.BodyBuilder applied(ResponseEntity.BodyBuilder answer) {
    return watcher == null
        ? answer
        : answer.header("Preference-Applied", "wait=" + wait.toSeconds());
  }

  @Override
  public void close() {
    if (watcher != null) {
      watcher.close();
    }
  }
}
