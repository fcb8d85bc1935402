package io.holdfast.order;

import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/** What is done once the surrounding transaction has committed. */
final class AfterCommit {

  private AfterCommit() {}

  /** Only for what can be lost: whoever waits also reads, and a counter is a counter. */
  static void run(Runnable action) {
    TransactionSynchronizationManager.registerSynchronization(
        new TransactionSynchronization() {
          @Override
          public void afterCommit() {
            action.run();
          }
        });
  }
}
