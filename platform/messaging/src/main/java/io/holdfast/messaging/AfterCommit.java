package io.holdfast.messaging;

import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/** What is done once the surrounding transaction has committed. */
public final class AfterCommit {

  private AfterCommit() {}

  /**
   * Runs {@code action} after the commit, or at once where there is no transaction. Only for what
   * can be lost, such as a wake-up or a log line: a crash right after the commit loses it.
   */
  public static void run(Runnable action) {
    if (!TransactionSynchronizationManager.isSynchronizationActive()) {
      action.run();
      return;
    }
    TransactionSynchronizationManager.registerSynchronization(
        new TransactionSynchronization() {
          @Override
          public void afterCommit() {
            action.run();
          }
        });
  }
}
