package io.holdfast.wallet;

import com.fasterxml.jackson.annotation.JsonIgnore;
import java.util.UUID;

/**
 * Units of a metered service that a wallet has paid for.
 *
 * @param id of this charge
 * @param reference the caller's; charged once
 * @param units how many
 * @param freeUnits how many of them were free
 * @param amountMinor what the others cost, in minor units of the currency
 * @param currency ISO 4217 code
 * @param refused whether there was not enough money, so that nothing was charged
 */
record Charge(
    UUID id,
    UUID walletId,
    String reference,
    String service,
    long units,
    long freeUnits,
    long amountMinor,
    String currency,
    @JsonIgnore boolean refused) {}
