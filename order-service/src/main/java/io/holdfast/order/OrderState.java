package io.holdfast.order;

import io.holdfast.contracts.Code;
import io.holdfast.contracts.Reason;
import io.holdfast.contracts.saga.SagaEnded;

/** Where an order stands. It leaves {@link #PENDING} once and never comes back. */
enum OrderState {
  /** Placed; its saga is under way. */
  PENDING,
  /** Goods and money are taken. */
  CONFIRMED,
  /** A participant refused it. */
  REJECTED,
  /** Its customer or its deadline called it off. */
  CANCELLED;

  static final Reason CANCELLED_BY_CUSTOMER =
      Reason.of(Code.CANCELLED_BY_CUSTOMER, "cancelled by the customer");

  private static final String CANCELLED_BY = "CANCELLED_BY_";

  boolean ended() {
    return this != PENDING;
  }

  /** The state that the end of an order's saga leads to. */
  static OrderState after(SagaEnded saga) {
    return switch (saga.outcome()) {
      case CONFIRMED -> CONFIRMED;
      case CANCELLED -> isRefusal(saga) ? REJECTED : CANCELLED;
    };
  }

  private static boolean isRefusal(SagaEnded saga) {
    var reason = saga.reason();
    return reason == null
        || !(reason.code().startsWith(CANCELLED_BY)
            || reason.code().equals(Reason.DEADLINE_PASSED.code())
            || reason.code().equals(Reason.NOT_ANSWERED_IN_TIME.code())
            || reason.code().equals(Reason.UNKNOWN_SAGA.code()));
  }
}
