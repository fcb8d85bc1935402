package io.holdfast.saga;

import io.holdfast.contracts.Reason;

/** Where a saga stands. What it waits for is part of the state. */
public sealed interface SagaState {

  /**
   * Reservations are being made, or a signal is waited for, stage by stage.
   *
   * @param stage position of the stage under way
   * @param open steps of it that have not answered
   * @param held steps of this and earlier stages that hold a reservation
   */
  record Trying(int stage, Steps open, Steps held) implements SagaState {}

  /**
   * Everything is held and the pivot, whose confirm an outside world may decline, is asked to
   * confirm first and alone. From here on only its answer decides.
   *
   * @param held all steps that hold a reservation, the pivot among them
   */
  record Pivoting(Steps held) implements SagaState {}

  /**
   * Decided: confirm.
   *
   * @param open steps that have not acknowledged
   */
  record Confirming(Steps open) implements SagaState {}

  /**
   * Decided: cancel.
   *
   * @param open steps that have not acknowledged
   */
  record Cancelling(Steps open, Reason reason) implements SagaState {}

  /**
   * Decided and confirmed; what may only succeed is being done, stage by stage.
   *
   * @param stage position of the stage under way
   * @param open steps of it that have not answered
   */
  record Completing(int stage, Steps open) implements SagaState {}

  /** Ended: every step confirmed, and done what was to be done after that. */
  record Confirmed() implements SagaState {}

  /** Ended: nothing is held any more. */
  record Cancelled(Reason reason) implements SagaState {}

  /** Ended: no event changes it any more. */
  default boolean isTerminal() {
    return switch (this) {
      case Confirmed _, Cancelled _ -> true;
      case Trying _, Pivoting _, Confirming _, Completing _, Cancelling _ -> false;
    };
  }
}
