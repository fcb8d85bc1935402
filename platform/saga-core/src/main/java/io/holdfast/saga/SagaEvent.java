package io.holdfast.saga;

import io.holdfast.contracts.Phase;
import io.holdfast.contracts.Reason;
import io.holdfast.contracts.Reply;

/** What can happen to a saga that has been started. */
public sealed interface SagaEvent {

  /** A participant answered the command of {@code phase} for {@code step}. */
  record Replied(int step, Phase phase, Reply reply) implements SagaEvent {}

  /** The time for its tries is over. */
  record DeadlinePassed() implements SagaEvent {}

  /** Somebody who may do so wants it cancelled. */
  record CancelRequested(Reason reason) implements SagaEvent {}

  /** An answer is overdue: ask again. */
  record ResendDue() implements SagaEvent {}
}
