package io.holdfast.contracts.wallet;

import java.util.UUID;

/**
 * Sets money of a wallet aside.
 *
 * @param walletId whose money
 * @param amountMinor how much at most, in minor units of the currency, at least 1
 * @param currency ISO 4217 code
 * @param partial true: hold what there is, up to the amount, and say in the reply how much; false:
 *     all or refuse
 */
public record HoldBalance(UUID walletId, long amountMinor, String currency, boolean partial) {}
