package io.holdfast.contracts.wallet;

import java.time.Instant;
import java.util.UUID;

/**
 * Somebody has paid more often, or more, within an hour than is usual: said once for each wallet
 * and hour of the clock.
 *
 * @param walletId whose wallet
 * @param hour the hour of the clock, by its beginning, with a payment that was one too many
 * @param payments how many there were in the sixty minutes up to the first such payment
 * @param amountMinor what they came to, in minor units of the currency
 * @param currency ISO 4217 code
 */
public record AbnormalUse(
    UUID walletId, Instant hour, long payments, long amountMinor, String currency) {}
