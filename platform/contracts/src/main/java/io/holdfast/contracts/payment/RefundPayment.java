package io.holdfast.contracts.payment;

import java.util.UUID;

/**
 * Refunds a captured card payment, in whole or in part. Refused if all refunds together would
 * exceed what was captured.
 *
 * @param paymentId saga of the payment
 * @param amountMinor in minor units of the currency, at least 1
 * @param currency ISO 4217 code
 */
public record RefundPayment(UUID paymentId, long amountMinor, String currency) {}
