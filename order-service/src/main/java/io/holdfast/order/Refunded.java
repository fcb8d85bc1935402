package io.holdfast.order;

/** How much of an order has been paid back. */
enum Refunded {
  NONE,
  /** A refund is under way, whatever came before it. */
  PENDING,
  /** Some of its pieces. */
  PARTIAL,
  /** All of them. */
  FULL
}
