package io.holdfast.contracts.inventory;

import java.util.List;

/**
 * Sets stock aside for every line, or for none.
 *
 * @param lines at least one; lines of the same SKU add up
 */
public record HoldStock(List<Line> lines) {

  public HoldStock {
    lines = List.copyOf(lines);
  }

  /**
   * @param sku which good
   * @param quantity how many pieces, at least 1
   */
  public record Line(String sku, long quantity) {}
}
