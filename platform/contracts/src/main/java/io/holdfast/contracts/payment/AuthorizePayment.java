package io.holdfast.contracts.payment;

/**
 * Authorises a card payment at the provider, to be captured on confirm or voided on cancel.
 *
 * @param amountMinor in minor units of the currency, at least 1
 * @param currency ISO 4217 code
 * @param paymentMethod the provider's token of the card, such as {@code pm_card_visa}
 */
public record AuthorizePayment(long amountMinor, String currency, String paymentMethod) {}
