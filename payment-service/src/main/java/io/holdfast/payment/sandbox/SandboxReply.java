package io.holdfast.payment.sandbox;

import io.holdfast.messaging.Json;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What the sandbox answers to a request.
 *
 * @param status of HTTP
 * @param body Stripe's JSON
 */
record SandboxReply(int status, String body) {

  static SandboxReply ok(Map<String, Object> wire) {
    return new SandboxReply(200, Json.text(wire));
  }

  /** https://docs.stripe.com/api/errors */
  static SandboxReply error(int status, String type, String code, String message) {
    return error(
        status, new LinkedHashMap<>(Map.of("type", type, "code", code, "message", message)));
  }

  static SandboxReply declined(SandboxIntent intent) {
    var error = cardDeclined();
    error.put("payment_intent", intent.toWire(false));
    return error(402, error);
  }

  static SandboxReply unexpectedState(SandboxIntent intent, String operation) {
    return error(
        400,
        "invalid_request_error",
        "payment_intent_unexpected_state",
        "This PaymentIntent could not be %s because it has a status of %s."
            .formatted(operation, intent.status().wire()));
  }

  static SandboxReply noSuchIntent(String id) {
    return missing("payment_intent", id);
  }

  static SandboxReply missing(String object, String id) {
    return error(
        404, "invalid_request_error", "resource_missing", "No such " + object + ": '" + id + "'");
  }

  private static SandboxReply error(int status, Map<String, Object> error) {
    return new SandboxReply(status, Json.text(Map.of("error", error)));
  }

  static Map<String, Object> cardDeclined() {
    var error = new LinkedHashMap<String, Object>();
    error.put("type", "card_error");
    error.put("code", "card_declined");
    error.put("decline_code", "generic_decline");
    error.put("message", "Your card was declined.");
    return error;
  }

  /** Stripe repeats what came of an execution, and forgets what was refused before it. */
  boolean isKept() {
    return status == 200 || status == 402;
  }
}
