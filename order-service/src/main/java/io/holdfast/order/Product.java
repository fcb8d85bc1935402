package io.holdfast.order;

/**
 * A good and its price.
 *
 * @param unitPriceMinor price of one piece, in minor units of the currency
 * @param currency ISO 4217 code
 */
record Product(String sku, long unitPriceMinor, String currency) {}
