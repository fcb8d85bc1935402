package io.holdfast.inventory;

/** What the warehouse says to a request. */
sealed interface WarehouseAnswer {

  /** The goods are off the shelves. */
  record Picked() implements WarehouseAnswer {}

  /** They cannot be picked, for good: nothing has left the shelves. */
  record Damaged(String sku) implements WarehouseAnswer {}

  /** Nothing of this job is off the shelves, and nothing will be. */
  record PutBack() implements WarehouseAnswer {}

  /** The carrier has them. */
  record Shipped(String trackingCode) implements WarehouseAnswer {}

  /** It may have been done or not: ask again. */
  record Unknown(String detail) implements WarehouseAnswer {}

  /** For metrics. */
  default String label() {
    return switch (this) {
      case Picked _, PutBack _, Shipped _ -> "done";
      case Damaged _ -> "damaged";
      case Unknown _ -> "unknown";
    };
  }
}
