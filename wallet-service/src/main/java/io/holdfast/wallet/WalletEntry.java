package io.holdfast.wallet;

import java.util.UUID;

/**
 * One movement of one wallet's money, made by a saga.
 *
 * @param causeId the saga
 * @param availableDelta what it changes in money that can be set aside, in minor units; likewise
 *     the others
 */
record WalletEntry(
    UUID causeId,
    Operation operation,
    UUID walletId,
    long availableDelta,
    long heldDelta,
    long spentDelta) {

  /** What moves money for a saga. */
  enum Operation {
    HOLD,
    CONFIRM,
    CANCEL
  }

  static WalletEntry of(UUID causeId, Operation operation, BalanceHold hold) {
    long amount = hold.amountMinor();
    return switch (operation) {
      case HOLD -> new WalletEntry(causeId, operation, hold.walletId(), -amount, amount, 0);
      case CONFIRM -> new WalletEntry(causeId, operation, hold.walletId(), 0, -amount, amount);
      case CANCEL -> new WalletEntry(causeId, operation, hold.walletId(), amount, -amount, 0);
    };
  }
}
