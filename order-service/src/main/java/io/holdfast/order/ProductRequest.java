package io.holdfast.order;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import java.util.Currency;

/**
 * Body of {@code PUT /products/{sku}}.
 *
 * @param unitPriceMinor price of one piece, in minor units of the currency
 * @param currency ISO 4217 code
 */
record ProductRequest(
    @NotNull @Min(1) @Max(1_000_000_000_000L) Long unitPriceMinor, @NotNull Currency currency) {

  static final String SKU = "[A-Za-z0-9][A-Za-z0-9._-]{0,63}";
}
