package io.holdfast.contracts;

import java.util.List;

/**
 * Every code that Holdfast says to programs: of errors that a service answers, and of reasons why
 * something was refused, was cancelled or happened. What they mean is said in {@code
 * problems.properties} of the module web, in English and Chinese, and in {@code docs/errors.md}.
 */
public enum Code implements ProblemCode {
  BAD_REQUEST(400),
  MALFORMED_JSON(400),
  MALFORMED_QUERY(400),
  INVALID_FIELD(400, "field, rule"),
  UNKNOWN_FIELD(400, "field, known fields"),
  IDEMPOTENCY_KEY_MISSING(400),
  IDEMPOTENCY_KEY_INVALID(400),
  INVALID_SIGNATURE(400),
  MALFORMED_EVENT(400),

  NOT_FOUND(404, "path"),
  UNKNOWN_ORDER(404),
  UNKNOWN_REFUND(404, "refund"),
  UNKNOWN_SKU(404, "SKU"),
  UNKNOWN_SHIPMENT(404, "order"),
  UNKNOWN_WALLET(404, "wallet"),
  UNKNOWN_HOLD(404, "hold"),
  UNKNOWN_WITHDRAWAL(404, "withdrawal"),
  VOUCHER_UNKNOWN(404, "voucher"),
  UNKNOWN_PAYMENT(404, "saga"),
  UNKNOWN_TOP_UP(404, "top-up"),
  UNKNOWN_RECONCILIATION(404, "reconciliation"),
  UNKNOWN_EVENT(404, "event"),
  UNKNOWN_SAGA(404, "saga"),

  METHOD_NOT_ALLOWED(405, "method, allowed methods"),
  NOT_ACCEPTABLE(406, "offered types"),

  ALREADY_DECIDED(409, "decision"),
  ALREADY_ENDED(409, "state"),
  ALREADY_REJECTED(409),
  CURRENCY_MISMATCH(409, "currency"),
  HOLD_CONFIRMED(409, "minor units"),
  HOLD_EXPIRED(409),
  HOLD_RELEASED(409),
  INSUFFICIENT_BALANCE(409, "wallet"),
  NO_APPROVAL_NEEDED(409),
  NOT_CONFIRMED(409, "state"),
  NOT_SENT_YET(409),
  NOTHING_TO_REFUND(409),
  PAYMENT_SPLIT_UNKNOWN(409),
  REFUND_PENDING(409),
  STOCK_PROMISED(409, "SKU"),
  TOO_LATE(409),

  TOO_LARGE(413, "bytes"),
  UNSUPPORTED_MEDIA_TYPE(415, "type, understood types"),

  CART_EMPTY(422),
  CART_FULL(422, "most items"),
  IDEMPOTENCY_KEY_REUSED(422, "field"),
  MIXED_CURRENCIES(422, "SKU, its currency, currency before"),
  MORE_THAN_BOUGHT(422, "pieces left, line, pieces asked"),
  MORE_THAN_HELD(422, "minor units"),
  NO_LINES(422),
  TOTAL_TOO_LARGE(422, "SKU"),
  UNKNOWN_LINE(422, "line"),
  UNKNOWN_SERVICE(422, "service"),

  INTERNAL_ERROR(500),
  NOT_STORED(500),

  CHECK_TOO_LONG(503, "longest time"),
  OUTCOME_UNKNOWN(503),
  OVERLOADED(503),
  TOO_MANY_STREAMS(503),
  UNAVAILABLE(503),

  ALREADY_PICKED,
  ALREADY_REFUNDED,
  ALREADY_RETURNED,
  APPROVAL_APPROVED,
  APPROVAL_REJECTED,
  AUTHORISATION_EXPIRED,
  CANCEL_REQUESTED,
  CANCELLED_BY_CUSTOMER,
  CARD_DECLINED,
  CONTRADICTS_FENCE,
  DEADLINE_PASSED,
  FULFILMENT_FAILED,
  GOODS_DAMAGED,
  GOODS_INACTIVE,
  INSUFFICIENT_STOCK,
  INVALID_REQUEST,
  MISSING_TRY,
  NOT_ANSWERED_IN_TIME,
  NOT_PICKED,
  NOT_SOLD,
  OTHER_REQUEST,
  PAYMENT_FAILED,
  PAYMENT_NOT_CAPTURED,
  PAYMENT_REJECTED,
  PAYOUT_EXISTS,
  PAYOUT_FAILED,
  REFUND_EXCEEDS_PAYMENT,
  REFUND_FAILED,
  REFUND_REQUESTED,
  REFUNDED,
  REJECTED_BY_REVIEWER,
  SHIPPED,
  STEP_CANCELLED,
  UNSPECIFIED,
  VOUCHER_BELOW_MINIMUM,
  VOUCHER_CURRENCY_MISMATCH,
  VOUCHER_EXPIRED,
  VOUCHER_USED_UP,
  WITHDRAWAL_NOT_APPROVED;

  private final int status;
  private final String speaksOf;

  /** Only a reason: no answer has it. */
  Code() {
    this(0);
  }

  Code(int status) {
    this(status, "");
  }

  Code(int status, String speaksOf) {
    this.status = status;
    this.speaksOf = speaksOf;
  }

  @Override
  public int status() {
    return status;
  }

  /** What the values are that its detail has places for, in their order. */
  public List<String> speaksOf() {
    return speaksOf.isEmpty() ? List.of() : List.of(speaksOf.split(", ", -1));
  }
}
