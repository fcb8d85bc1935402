package io.holdfast.order;

import io.holdfast.contracts.Code;
import io.holdfast.web.Problem;
import java.util.UUID;

/** The problems of orders that more than one request can end in. */
final class OrderProblem {

  private OrderProblem() {}

  /** The same answer for an order that does not exist and for somebody else's. */
  static Problem unknownOrder() {
    return Problem.of(Code.UNKNOWN_ORDER);
  }

  static Problem keyReused() {
    return Problem.ofField(
        Code.IDEMPOTENCY_KEY_REUSED, IdempotencyKey.HEADER, IdempotencyKey.HEADER);
  }

  /** The problem names where a refund can be asked for. */
  static Problem tooLate(UUID orderId) {
    return Problem.of(Code.TOO_LATE).with("refunds", "/orders/%s/refunds".formatted(orderId));
  }

  static Problem tooManyStreams() {
    return Problem.of(Code.TOO_MANY_STREAMS);
  }
}
