package io.holdfast.payment.provider;

import java.util.Locale;

/** Which way money moves, apart from a saga's card payment. */
public enum TransferKind {
  /** From us back to the card that a payment was taken from. */
  REFUND,
  /** From us to a bank account. */
  PAYOUT,
  /** From a card to us, for a wallet. */
  TOP_UP;

  /** As it is written in metrics, idempotency keys and the provider's metadata. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
