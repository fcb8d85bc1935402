package io.holdfast.orchestrator.engine;

import io.holdfast.contracts.Reason;
import io.holdfast.saga.SagaState;
import io.holdfast.saga.SagaState.Cancelled;
import io.holdfast.saga.SagaState.Cancelling;
import io.holdfast.saga.SagaState.Completing;
import io.holdfast.saga.SagaState.Confirmed;
import io.holdfast.saga.SagaState.Confirming;
import io.holdfast.saga.SagaState.Pivoting;
import io.holdfast.saga.SagaState.Trying;
import io.holdfast.saga.Steps;
import org.jspecify.annotations.Nullable;

/** A saga's state as columns, and back. */
record SagaColumns(Name name, int stage, long open, long held, @Nullable Reason reason) {

  /** The states by the names that the database, the API and operators use. */
  enum Name {
    TRYING,
    /** Trying, with nobody asked: a signal is waited for. */
    AWAITING,
    PIVOTING,
    CONFIRMING,
    COMPLETING,
    CANCELLING,
    CONFIRMED,
    CANCELLED;

    boolean isTerminal() {
      return this == CONFIRMED || this == CANCELLED;
    }
  }

  static SagaColumns of(RunningSaga saga) {
    return switch (saga.state()) {
      case Trying(int stage, Steps open, Steps held) ->
          new SagaColumns(
              saga.awaited().isPresent() ? Name.AWAITING : Name.TRYING,
              stage,
              open.bits(),
              held.bits(),
              null);
      case Pivoting(Steps held) -> new SagaColumns(Name.PIVOTING, 0, 0, held.bits(), null);
      case Confirming(Steps open) -> new SagaColumns(Name.CONFIRMING, 0, open.bits(), 0, null);
      case Completing(int stage, Steps open) ->
          new SagaColumns(Name.COMPLETING, stage, open.bits(), 0, null);
      case Cancelling(Steps open, Reason reason) ->
          new SagaColumns(Name.CANCELLING, 0, open.bits(), 0, reason);
      case Confirmed() -> new SagaColumns(Name.CONFIRMED, 0, 0, 0, null);
      case Cancelled(Reason reason) -> new SagaColumns(Name.CANCELLED, 0, 0, 0, reason);
    };
  }

  SagaState toState() {
    return switch (name) {
      case TRYING, AWAITING -> new Trying(stage, new Steps(open), new Steps(held));
      case PIVOTING -> new Pivoting(new Steps(held));
      case CONFIRMING -> new Confirming(new Steps(open));
      case COMPLETING -> new Completing(stage, new Steps(open));
      case CANCELLING -> new Cancelling(new Steps(open), knownReason());
      case CONFIRMED -> new Confirmed();
      case CANCELLED -> new Cancelled(knownReason());
    };
  }

  private Reason knownReason() {
    if (reason == null) {
      throw new IllegalStateException("a cancelled saga has a reason");
    }
    return reason;
  }
}
