package io.holdfast.wallet;

import java.util.UUID;

/**
 * Where the money of one customer is, in minor units of the currency. {@code available + held +
 * spent == credited}, always.
 *
 * @param walletId whose money
 * @param currency ISO 4217 code, set by the first credit
 * @param availableMinor can be set aside
 * @param heldMinor set aside by sagas that have not ended
 * @param spentMinor taken
 * @param creditedMinor ever paid in
 */
record Wallet(
    UUID walletId,
    String currency,
    long availableMinor,
    long heldMinor,
    long spentMinor,
    long creditedMinor) {

  Wallet plus(WalletEntry entry) {
    return new Wallet(
        walletId,
        currency,
        availableMinor + entry.availableDelta(),
        heldMinor + entry.heldDelta(),
        spentMinor + entry.spentDelta(),
        creditedMinor);
  }
}
