package io.holdfast.inventory;

/** Where the goods of one shipment are. */
enum ShipmentState {
  /** The warehouse is to take them off the shelves. */
  PICKING,
  /** They are off the shelves, and may still have to go back. */
  PICKED,
  /** They could not be picked: a piece is broken. Nothing has left the shelves. */
  DAMAGED,
  /** They stay off the shelves and can be shipped. */
  READY,
  /** The warehouse is to put them back. */
  PUTTING_BACK,
  PUT_BACK,
  /** The warehouse is to hand them to the carrier. */
  SHIPPING,
  SHIPPED;

  /** Whether the warehouse has to do something. */
  boolean waits() {
    return switch (this) {
      case PICKING, PUTTING_BACK, SHIPPING -> true;
      case PICKED, DAMAGED, READY, PUT_BACK, SHIPPED -> false;
    };
  }
}
