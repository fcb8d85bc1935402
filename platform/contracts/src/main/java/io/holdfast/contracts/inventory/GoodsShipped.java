package io.holdfast.contracts.inventory;

/**
 * Data of the answer to {@link ShipGoods}.
 *
 * @param trackingCode by which the carrier knows the parcel
 */
public record GoodsShipped(String trackingCode) {}
