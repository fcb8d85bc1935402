package io.holdfast.saga;

/**
 * Where a participant stands with one step of one saga. The row that holds it is kept as long as
 * the saga, so that any repeated, late or contradicting command meets what was done before.
 */
public enum FenceState {
  /** A try is under way outside of the database; its answer will follow. */
  TRYING,
  /** A reservation is held. */
  TRIED,
  /** The try was refused, and stays refused whatever changes later. */
  REFUSED,
  /** A confirm is under way outside of the database; its answer will follow. */
  CONFIRMING,
  /** What was held has been taken; or the try was done for good at once. */
  CONFIRMED,
  /** The outside world declined the confirm. What is held is still to be cancelled. */
  DECLINED,
  /** A cancel is under way outside of the database; its answer will follow. */
  CANCELLING,
  /** What was held has been given back. */
  CANCELLED,
  /** Cancelled before anything was tried: a tombstone that refuses the late try. */
  EMPTY
}
