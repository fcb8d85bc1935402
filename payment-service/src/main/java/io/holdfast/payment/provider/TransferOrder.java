package io.holdfast.payment.provider;

import java.util.UUID;

/**
 * What is asked of the provider: to move money once.
 *
 * @param id the saga of a refund or payout, which is the payment's own where that is given back
 *     because its saga was cancelled; the caller's id of a top-up
 * @param subject the refunded payment, the withdrawal that is paid out, the wallet that is topped
 *     up
 * @param amountMinor in minor units of {@code currency}
 * @param account the provider's name of the payment that is refunded, of the bank account that gets
 *     a payout, or of the card that pays a top-up
 */
public record TransferOrder(
    TransferKind kind, UUID id, UUID subject, long amountMinor, String currency, String account) {}
