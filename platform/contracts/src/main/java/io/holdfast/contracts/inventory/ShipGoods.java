package io.holdfast.contracts.inventory;

import java.util.UUID;

/**
 * Hands the picked goods of an order to the carrier. Its answer is a {@link GoodsShipped}.
 *
 * @param orderId whose goods
 */
public record ShipGoods(UUID orderId) {}
