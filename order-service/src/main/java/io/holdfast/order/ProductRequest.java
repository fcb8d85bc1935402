package io.holdfast.order;

import io.holdfast.web.Rule;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import java.util.Currency;
import org.jspecify.annotations.Nullable;

/**
 * Body of {@code PUT /products/{sku}}.
 *
 * @param unitPriceMinor price of one piece, in minor units of the currency
 * @param currency ISO 4217 code
 * @param service the metered service of which it is a unit; left out for goods
 */
record ProductRequest(
    @NotNull @Min(1) @Max(1_000_000_000_000L) Long unitPriceMinor,
    @NotNull Currency currency,
    @Pattern(regexp = SERVICE, message = Rule.SERVICE) @Nullable String service) {

  static final String SKU = "[A-Za-z0-9][A-Za-z0-9._-]{0,63}";
  static final String SERVICE = "[a-z0-9][a-z0-9-]{0,63}";
}
