package io.holdfast.payment.transfer;

import java.util.UUID;

/**
 * What the fence remembers of a refund or payout: which rows are its.
 *
 * @param id key of the transfer
 * @param subject the refunded payment, or the withdrawal
 */
record TransferHold(UUID id, UUID subject) {}
