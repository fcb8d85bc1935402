package io.holdfast.contracts.payment;

import java.util.UUID;

/**
 * Money that a top-up has brought in, to be credited to a wallet. Said once for each top-up; who
 * credits takes {@code topUpId} as the credit's reference, so that a repeated message counts once.
 *
 * @param topUpId which top-up
 * @param walletId whose money it is
 * @param amountMinor in minor units of the currency, at least 1
 * @param currency ISO 4217 code
 */
public record TopUpSucceeded(UUID topUpId, UUID walletId, long amountMinor, String currency) {}
