package io.holdfast.order;

/** How far a confirmed order is on its way to its customer. */
enum Fulfilment {
  /** Not confirmed, or this service does not send goods. */
  NONE,
  /** Its saga is under way. */
  FULFILLING,
  SHIPPED,
  /** The goods can't be sent, for good; the order is paid back. */
  FAILED
}
