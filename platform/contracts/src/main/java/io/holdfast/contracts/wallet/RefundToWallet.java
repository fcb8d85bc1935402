package io.holdfast.contracts.wallet;

import java.util.UUID;

/**
 * Pays money back that a wallet has spent. Refused if this reference has been refunded before.
 *
 * @param walletId to whom
 * @param amountMinor in minor units of the currency, at least 1
 * @param currency ISO 4217 code
 * @param referenceType what is refunded, such as {@code order}
 * @param referenceId which one of them; together with wallet and type refunded at most once
 */
public record RefundToWallet(
    UUID walletId, long amountMinor, String currency, String referenceType, String referenceId) {}
