package io.holdfast.contracts;

/** The three operations of a try/confirm/cancel step. */
public enum Phase {
  /** Set aside what the step needs, or refuse. */
  TRY,
  /** Take what was set aside. */
  CONFIRM,
  /** Give back what was set aside, if anything was. */
  CANCEL
}
