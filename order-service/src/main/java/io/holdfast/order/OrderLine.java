package io.holdfast.order;

/**
 * One line of an order, with the price as it was at placement.
 *
 * @param unitPriceMinor price of one piece, in minor units of the order's currency
 */
record OrderLine(String sku, long quantity, long unitPriceMinor) {}
