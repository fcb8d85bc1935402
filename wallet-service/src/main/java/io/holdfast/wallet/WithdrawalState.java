package io.holdfast.wallet;

/** Where a withdrawal stands. */
enum WithdrawalState {
  /** Its money is held; a reviewer decides. */
  REQUESTED,
  /** There was not enough money; nothing was held. */
  REFUSED,
  /** A reviewer said yes; its saga has been asked to start. */
  APPROVED,
  /** Its saga pays it out. */
  PAYING,
  /** The money is gone. */
  PAID,
  /** A reviewer said no; the money is back. */
  REJECTED,
  /** It could not be paid out; the money is back. */
  FAILED;

  /** Whether a reviewer has said yes, whatever came of it. */
  boolean isApproved() {
    return switch (this) {
      case APPROVED, PAYING, PAID, FAILED -> true;
      case REQUESTED, REFUSED, REJECTED -> false;
    };
  }
}
