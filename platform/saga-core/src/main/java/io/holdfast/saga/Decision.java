package io.holdfast.saga;

import io.holdfast.contracts.Phase;

/**
 * What follows from an event: the state to store and the commands to send, in one transaction.
 *
 * @param next the state from now on
 * @param phase which command goes out, if {@code to} has any step
 * @param to whom
 * @param kind what sort of decision this is
 */
public record Decision(SagaState next, Phase phase, Steps to, Kind kind) {

  /** Tells apart what an operator counts. */
  public enum Kind {
    /** The saga moved on. */
    MOVED,
    /** Nothing moved; open commands go out again. */
    RESENT,
    /** A repeated, late or too late event: nothing to do. */
    IGNORED,
    /** Something contradicts the protocol. Nothing moves; an operator has to look. */
    CONFLICT
  }

  static Decision moved(SagaState next, Phase phase, Steps to) {
    return new Decision(next, phase, to, Kind.MOVED);
  }

  static Decision moved(SagaState next) {
    return new Decision(next, Phase.TRY, Steps.NONE, Kind.MOVED);
  }

  static Decision resent(SagaState state, Phase phase, Steps to) {
    return new Decision(state, phase, to, Kind.RESENT);
  }

  static Decision ignored(SagaState state) {
    return new Decision(state, Phase.TRY, Steps.NONE, Kind.IGNORED);
  }

  static Decision conflict(SagaState state) {
    return new Decision(state, Phase.TRY, Steps.NONE, Kind.CONFLICT);
  }
}
