package io.holdfast.order;

/** Where one refund stands. It leaves {@link #PENDING} once. */
enum RefundState {
  PENDING,
  /** The money is where it came from. */
  DONE,
  /** Nothing was paid back; it can be asked for again. */
  FAILED
}
