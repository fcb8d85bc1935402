package io.holdfast.benchmarks.scenario;

import java.util.concurrent.atomic.AtomicBoolean;

/** Puts something back as it was, once. */
final class Restoring implements AutoCloseable {

  private final Runnable restore;
  private final AtomicBoolean restored = new AtomicBoolean();
  private final Thread atTheProcessEnd = new Thread(this::restoreOnce, "restoring");

  private Restoring(Runnable restore) {
    this.restore = restore;
  }

  /** When it is closed. */
  static Restoring whenClosed(Runnable restore) {
    return new Restoring(restore);
  }

  /** When it is closed, or when the process is told to end before that. */
  static Restoring whateverHappens(Runnable restore) {
    var restoring = new Restoring(restore);
    Runtime.getRuntime().addShutdownHook(restoring.atTheProcessEnd);
    return restoring;
  }

  private void restoreOnce() {
    if (restored.compareAndSet(false, true)) {
      restore.run();
    }
  }

  @Override
  public void close() {
    try {
      restoreOnce();
    } finally {
      forget();
    }
  }

  private void forget() {
    try {
      Runtime.getRuntime().removeShutdownHook(atTheProcessEnd);
    } catch (IllegalStateException _) {
      // the process is ending, and has it restored
    }
  }
}
