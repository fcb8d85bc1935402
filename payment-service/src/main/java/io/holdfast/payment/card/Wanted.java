package io.holdfast.payment.card;

/** Where the saga wants a payment to be. */
enum Wanted {
  /** Tried: the amount is held on the card. */
  AUTHORISED,
  /** Confirmed: the amount is taken. */
  CAPTURED,
  /** Cancelled: nothing is held. */
  VOIDED
}
