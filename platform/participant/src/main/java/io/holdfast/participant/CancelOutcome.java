package io.holdfast.participant;

/** What became of a cancel. It cannot fail, only take time. */
public sealed interface CancelOutcome {

  /** Nothing is held any more. */
  record Cancelled() implements CancelOutcome {}

  /** An outside world has to let go first; {@link Settlement} will say when. */
  record Pending() implements CancelOutcome {}
}
