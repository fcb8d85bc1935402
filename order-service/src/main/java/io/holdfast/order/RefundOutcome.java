package io.holdfast.order;

import java.util.UUID;

/** What became of a request for a refund. */
sealed interface RefundOutcome {

  /** It is stored, and its saga will start. */
  record Begun(UUID refundId) implements RefundOutcome {}

  /** It had been stored before. */
  record Existing(UUID refundId) implements RefundOutcome {}

  /** Its key stands for another refund of the same order. */
  record KeyReused() implements RefundOutcome {}

  /** There is no such order, or it is somebody else's. */
  record UnknownOrder() implements RefundOutcome {}

  /** Nothing has been taken for the order, or nothing yet. */
  record NotConfirmed(OrderState state) implements RefundOutcome {}

  /** The order's goods are being picked and sent, and may still turn out to stay. */
  record NotSentYet() implements RefundOutcome {}

  /** Another refund of the order is under way. */
  record AnotherPending() implements RefundOutcome {}

  /** Nobody has said what of it the card paid. */
  record SplitUnknown() implements RefundOutcome {}

  record Refused(Refunding.Refused why) implements RefundOutcome {}
}
