package io.holdfast.participant;

import io.holdfast.contracts.Reason;

/** What became of a confirm. */
public sealed interface ConfirmOutcome {

  /** What was held is taken. */
  record Confirmed() implements ConfirmOutcome {}

  /**
   * The outside world declined, for ever; what is held is still to be cancelled. Only a pivot step
   * may answer so.
   */
  record Declined(Reason reason) implements ConfirmOutcome {}

  /** An outside world decides; {@link Settlement} will say what. */
  record Pending() implements ConfirmOutcome {}
}
