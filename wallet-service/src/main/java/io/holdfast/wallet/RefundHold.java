package io.holdfast.wallet;

import java.util.UUID;

/**
 * A refund that a saga is about to pay.
 *
 * @param key what is refunded, to whom
 * @param amountMinor in minor units of the wallet's currency
 */
record RefundHold(Key key, long amountMinor) {

  /** Refunded at most once. */
  record Key(UUID walletId, String referenceType, String referenceId) {}
}
