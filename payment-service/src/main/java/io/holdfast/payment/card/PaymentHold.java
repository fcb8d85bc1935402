package io.holdfast.payment.card;

import java.util.UUID;

/**
 * What the fence remembers of a payment: where its row is. Amount and card are in the row.
 *
 * @param sagaId key of the payment
 */
record PaymentHold(UUID sagaId) {}
