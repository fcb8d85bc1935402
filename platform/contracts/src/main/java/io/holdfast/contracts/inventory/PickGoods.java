package io.holdfast.contracts.inventory;

import java.util.List;
import java.util.UUID;

/**
 * Takes the goods of an order off the shelves.
 *
 * @param orderId whose goods; sold to it before
 * @param lines at least one; lines of the same SKU add up
 */
public record PickGoods(UUID orderId, List<HoldStock.Line> lines) {

  public PickGoods {
    lines = List.copyOf(lines);
  }
}
