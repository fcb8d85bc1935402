package io.holdfast.order;

import java.util.UUID;

/** What became of a request for an order. */
sealed interface PlacementOutcome {

  /** It is stored, and its saga will start. */
  record Placed(Order order) implements PlacementOutcome {}

  /**
   * It had been stored before.
   *
   * @param ownAttempt true: by this very request, whose commit had not been answered
   */
  record Existing(UUID orderId, boolean ownAttempt) implements PlacementOutcome {}

  /** Its key stands for another request of the same customer. */
  record KeyReused() implements PlacementOutcome {}

  /** It cannot be an order. */
  record Refused(Pricing.Refused why) implements PlacementOutcome {}

  /** Nothing was done with it: too many are waiting. */
  record Overloaded() implements PlacementOutcome {}

  /** Time is over, and it may or may not have been stored. */
  record Unanswered() implements PlacementOutcome {}

  /** The database refuses it although it is valid. */
  record Failed() implements PlacementOutcome {}
}
