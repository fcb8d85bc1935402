package io.holdfast.contracts.payment;

import java.util.UUID;

/**
 * Pays out through the provider on confirm.
 *
 * @param withdrawalId for which withdrawal; paid at most once
 * @param amountMinor in minor units of the currency, at least 1
 * @param currency ISO 4217 code
 * @param destination the provider's token of the account that gets the money
 */
public record PreparePayout(
    UUID withdrawalId, long amountMinor, String currency, String destination) {}
