package io.holdfast.contracts.inventory;

/**
 * A good has become low: said once, and not again before it has been above the threshold.
 *
 * @param sku which good
 * @param available pieces that can still be set aside
 * @param lowStockAt the threshold, at or below which it is low
 */
public record LowStock(String sku, long available, long lowStockAt) {}
