package io.holdfast.wallet;

import java.util.UUID;

/**
 * A withdrawal that a saga pays out.
 *
 * @param withdrawalId which one
 * @param walletId whose money
 * @param amountMinor in minor units of the wallet's currency
 */
record WithdrawalHold(UUID withdrawalId, UUID walletId, long amountMinor) {}
