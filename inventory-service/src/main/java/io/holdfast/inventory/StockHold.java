package io.holdfast.inventory;

import io.holdfast.contracts.inventory.HoldStock;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What is set aside for one saga.
 *
 * @param quantities pieces by SKU
 */
record StockHold(SortedMap<String, Long> quantities) {

  /**
   * Lines of the same SKU add up.
   *
   * @throws IllegalArgumentException if there is no line, a line without SKU or below one piece, or
   *     more than can be counted
   */
  static StockHold of(List<HoldStock.Line> lines) {
    var quantities = new TreeMap<String, Long>();
    if (lines.isEmpty()) {
      throw new IllegalArgumentException("an order has at least one line");
    }
    for (var line : lines) {
      if (line.sku().isBlank() || line.quantity() < 1) {
        throw new IllegalArgumentException("a line has a SKU and at least one piece");
      }
      try {
        quantities.merge(line.sku(), line.quantity(), Math::addExact);
      } catch (ArithmeticException e) {
        throw new IllegalArgumentException("more pieces than can be counted: " + line.sku(), e);
      }
    }
    return new StockHold(quantities);
  }
}
