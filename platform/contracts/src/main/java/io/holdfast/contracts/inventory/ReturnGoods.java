package io.holdfast.contracts.inventory;

import java.util.List;
import java.util.UUID;

/**
 * Takes goods of an order back: what was sold is available again.
 *
 * @param orderId to whom they were sold
 * @param lines at least one; lines of the same SKU add up
 */
public record ReturnGoods(UUID orderId, List<HoldStock.Line> lines) {

  public ReturnGoods {
    lines = List.copyOf(lines);
  }
}
