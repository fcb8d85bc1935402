package io.holdfast.wallet;

import java.util.UUID;

/**
 * Where the money of one customer is, in minor units of the currency. {@code available + held +
 * spent + withdrawn == credited + refunded}, always.
 *
 * @param walletId whose money
 * @param currency ISO 4217 code, set by the first money that came in
 * @param availableMinor can be set aside
 * @param heldMinor set aside by sagas and holds that have not ended, and for withdrawals
 * @param spentMinor ever taken for orders and services
 * @param withdrawnMinor ever paid out
 * @param creditedMinor ever paid in
 * @param refundedMinor ever paid back
 */
record Wallet(
    UUID walletId,
    String currency,
    long availableMinor,
    long heldMinor,
    long spentMinor,
    long withdrawnMinor,
    long creditedMinor,
    long refundedMinor) {

  /** A wallet that nothing has come into. */
  static Wallet empty(UUID walletId, String currency) {
    return new Wallet(walletId, currency, 0, 0, 0, 0, 0, 0);
  }

  Wallet plus(WalletEntry entry) {
    var change = WalletChange.of(entry);
    return new Wallet(
        walletId,
        currency,
        availableMinor + change.available(),
        heldMinor + change.held(),
        spentMinor + change.spent(),
        withdrawnMinor + change.withdrawn(),
        creditedMinor + change.credited(),
        refundedMinor + change.refunded());
  }
}
