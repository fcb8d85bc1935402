package io.holdfast.wallet;

import java.util.UUID;

/**
 * What is set aside for one saga.
 *
 * @param walletId whose money
 * @param amountMinor in minor units of the wallet's currency; 0 where a partial hold found nothing
 */
record BalanceHold(UUID walletId, long amountMinor) {}
