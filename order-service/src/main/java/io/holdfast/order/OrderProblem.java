package io.holdfast.order;

import java.time.Duration;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.web.ErrorResponseException;

/** A request that ends in a problem, as RFC 9457 describes it. */
final class OrderProblem extends ErrorResponseException {

  private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

  private OrderProblem(HttpStatus status, String code, String detail, @Nullable String field) {
    super(status, body(status, code, detail, field), null);
    if (status == HttpStatus.SERVICE_UNAVAILABLE) {
      getHeaders().set(HttpHeaders.RETRY_AFTER, Long.toString(RETRY_AFTER.toSeconds()));
    }
  }

  private static ProblemDetail body(
      HttpStatus status, String code, String detail, @Nullable String field) {
    var problem = ProblemDetail.forStatusAndDetail(status, detail);
    problem.setProperty("code", code);
    if (field != null) {
      problem.setProperty("field", field);
    }
    return problem;
  }

  /** The same answer for an order that does not exist and for somebody else's. */
  static OrderProblem unknownOrder() {
    return new OrderProblem(HttpStatus.NOT_FOUND, "UNKNOWN_ORDER", "there is no such order", null);
  }

  static OrderProblem unknownRefund() {
    return new OrderProblem(
        HttpStatus.NOT_FOUND, "UNKNOWN_REFUND", "the order has no such refund", null);
  }

  static OrderProblem invalid(String code, String detail, String field) {
    return new OrderProblem(HttpStatus.BAD_REQUEST, code, detail, field);
  }

  static OrderProblem refused(Pricing.Refused why) {
    return new OrderProblem(
        HttpStatus.UNPROCESSABLE_CONTENT, why.code(), why.detail(), why.field());
  }

  static OrderProblem keyReused() {
    return new OrderProblem(
        HttpStatus.UNPROCESSABLE_CONTENT,
        "IDEMPOTENCY_KEY_REUSED",
        "this Idempotency-Key stands for another request: use a new key for a new one",
        IdempotencyKey.HEADER);
  }

  /** The problem names where a refund can be asked for. */
  static OrderProblem tooLate(UUID orderId) {
    var problem =
        new OrderProblem(
            HttpStatus.CONFLICT,
            "TOO_LATE",
            "the order is confirmed and can no longer be cancelled: ask for a refund instead",
            null);
    problem.getBody().setProperty("refunds", "/orders/%s/refunds".formatted(orderId));
    return problem;
  }

  static OrderProblem conflict(String code, String detail) {
    return new OrderProblem(HttpStatus.CONFLICT, code, detail, null);
  }

  /** Well-formed, but at odds with what is there. */
  static OrderProblem unprocessable(String code, String detail, @Nullable String field) {
    return new OrderProblem(HttpStatus.UNPROCESSABLE_CONTENT, code, detail, field);
  }

  static OrderProblem alreadyRejected() {
    return new OrderProblem(
        HttpStatus.CONFLICT,
        "ALREADY_REJECTED",
        "the order was rejected: there is nothing to cancel",
        null);
  }

  static OrderProblem overloaded() {
    return new OrderProblem(
        HttpStatus.SERVICE_UNAVAILABLE,
        "OVERLOADED",
        "too many orders are waiting to be stored and this one was not: send it again later",
        null);
  }

  static OrderProblem unanswered() {
    return new OrderProblem(
        HttpStatus.SERVICE_UNAVAILABLE,
        "OUTCOME_UNKNOWN",
        "the order may or may not have been stored: send it again with the same Idempotency-Key",
        null);
  }

  static OrderProblem failed() {
    return new OrderProblem(
        HttpStatus.INTERNAL_SERVER_ERROR,
        "NOT_STORED",
        "the order could not be stored; the service's log says why",
        null);
  }

  static OrderProblem tooManyStreams() {
    return new OrderProblem(
        HttpStatus.SERVICE_UNAVAILABLE,
        "TOO_MANY_STREAMS",
        "too many event streams are open: try again later, or read the order itself",
        null);
  }
}
