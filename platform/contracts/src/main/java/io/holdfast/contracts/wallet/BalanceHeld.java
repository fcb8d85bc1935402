package io.holdfast.contracts.wallet;

/**
 * Data of the wallet's answer to {@link HoldBalance}.
 *
 * @param amountMinor what was set aside, in minor units; less than asked only where a partial hold
 *     was allowed
 */
public record BalanceHeld(long amountMinor) {}
