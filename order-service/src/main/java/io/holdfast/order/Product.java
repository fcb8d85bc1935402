package io.holdfast.order;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/**
 * A good, or a unit of a metered service, and its price.
 *
 * @param unitPriceMinor price of one piece or unit, in minor units of the currency
 * @param currency ISO 4217 code
 * @param service the metered service of which it is a unit: no stock is taken, and the wallet's
 *     free quota pays first; null for a good
 */
record Product(
    String sku,
    long unitPriceMinor,
    String currency,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String service) {

  Product(String sku, long unitPriceMinor, String currency) {
    this(sku, unitPriceMinor, currency, null);
  }
}
