package io.holdfast.wallet;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Money that leaves to the customer's bank.
 *
 * @param withdrawalId also the id of the saga that pays it out
 * @param walletId whose money
 * @param amountMinor in minor units of the currency
 * @param currency ISO 4217 code
 * @param destination the provider's token of the account that gets the money
 * @param reason why it was refused, rejected or failed; null otherwise, or if nobody said
 * @param requestedAt when its money was held
 * @param decidedAt when a reviewer decided; null before
 * @param endedAt when it was paid, or its money came back; null before
 */
record Withdrawal(
    UUID withdrawalId,
    UUID walletId,
    long amountMinor,
    String currency,
    String destination,
    WithdrawalState state,
    @Nullable String reason,
    Instant requestedAt,
    @Nullable Instant decidedAt,
    @Nullable Instant endedAt) {

  /** Whether {@code request} asks for what this one is. */
  boolean isFor(UUID walletId, WithdrawalRequest request) {
    return this.walletId.equals(walletId)
        && amountMinor == request.amountMinor()
        && currency.equals(request.currency())
        && destination.equals(request.destination());
  }
}
