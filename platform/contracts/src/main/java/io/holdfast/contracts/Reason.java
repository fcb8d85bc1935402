package io.holdfast.contracts;

/**
 * Why something was refused or cancelled.
 *
 * @param code stable, upper-case identifier that programs compare, such as {@code
 *     INSUFFICIENT_STOCK}
 * @param detail one sentence for a person, such as {@code insufficient stock: SKU-7}
 */
public record Reason(String code, String detail) {

  public static final Reason DEADLINE_PASSED =
      of(Code.DEADLINE_PASSED, "the saga did not finish its tries in time");
  public static final Reason NOT_ANSWERED_IN_TIME =
      of(Code.NOT_ANSWERED_IN_TIME, "whoever had to agree did not answer in time");
  public static final Reason UNKNOWN_SAGA =
      of(Code.UNKNOWN_SAGA, "no such saga was ever started: presumed aborted");

  /** A reason whose code is in the catalogue. */
  public static Reason of(Code code, String detail) {
    return new Reason(code.name(), detail);
  }
}
