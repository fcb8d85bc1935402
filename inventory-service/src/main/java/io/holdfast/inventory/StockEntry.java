package io.holdfast.inventory;

import java.util.UUID;

/**
 * One movement of one good's stock, made by a saga.
 *
 * @param causeId the saga
 * @param availableDelta what it changes in pieces that can be set aside; likewise the others
 */
record StockEntry(
    UUID causeId,
    Operation operation,
    String sku,
    long availableDelta,
    long heldDelta,
    long soldDelta) {

  /** What moves stock for a saga. */
  enum Operation {
    HOLD,
    CONFIRM,
    CANCEL,
    RETURN,
    /** Sold pieces that turned out damaged: they are no longer there to be sold. */
    WRITE_OFF
  }

  static StockEntry of(UUID causeId, Operation operation, String sku, long quantity) {
    return switch (operation) {
      case HOLD -> new StockEntry(causeId, operation, sku, -quantity, quantity, 0);
      case CONFIRM -> new StockEntry(causeId, operation, sku, 0, -quantity, quantity);
      case CANCEL -> new StockEntry(causeId, operation, sku, quantity, -quantity, 0);
      case RETURN -> new StockEntry(causeId, operation, sku, quantity, 0, -quantity);
      case WRITE_OFF -> new StockEntry(causeId, operation, sku, 0, 0, -quantity);
    };
  }

  /** What it changes in pieces that are there at all; 0 if it only moves them. */
  long adjustedDelta() {
    return availableDelta + heldDelta + soldDelta;
  }
}
