package io.holdfast.wallet;

import java.util.UUID;

/**
 * Money that comes back for one reference.
 *
 * @param sagaId which saga pays it, or tried to
 */
record Refund(RefundHold.Key key, UUID sagaId, long amountMinor, State state) {

  /** Where a refund stands. */
  enum State {
    /** Its saga has not ended. */
    PREPARED,
    /** The money is back. */
    PAID,
    /** It was not paid; another saga may. */
    CANCELLED
  }

  Refund in(State state) {
    return new Refund(key, sagaId, amountMinor, state);
  }
}
