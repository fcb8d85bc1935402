package io.holdfast.contracts.wallet;

import java.util.UUID;

/**
 * A wallet has become low: said once, and not again before it has been at the limit or above.
 *
 * @param walletId which wallet
 * @param currency ISO 4217 code
 * @param availableMinor what it can still spend, in minor units of the currency
 * @param limitMinor with less than this it is low
 */
public record LowBalance(UUID walletId, String currency, long availableMinor, long limitMinor) {}
