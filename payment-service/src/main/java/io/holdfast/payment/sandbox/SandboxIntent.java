package io.holdfast.payment.sandbox;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The sandbox's PaymentIntent.
 *
 * @param amount in minor units of {@code currency}
 * @param currency ISO 4217 code in lower case, as Stripe writes it
 * @param automatic whether it is captured when it is confirmed
 * @param settlesAt when it ends, if it is under way
 * @param metadata what the caller attached
 */
record SandboxIntent(
    String id,
    Instant created,
    long amount,
    long amountRefunded,
    String currency,
    String paymentMethod,
    boolean automatic,
    Status status,
    Map<String, String> metadata,
    @Nullable Instant settlesAt) {

  private static final Duration HOLD = Duration.ofDays(7);

  enum Status {
    REQUIRES_PAYMENT_METHOD,
    REQUIRES_CAPTURE,
    PROCESSING,
    SUCCEEDED,
    CANCELED;

    /** As it is on the wire and in the table. */
    String wire() {
      return name().toLowerCase(Locale.ROOT);
    }

    static Status of(String wire) {
      return valueOf(wire.toUpperCase(Locale.ROOT));
    }
  }

  SandboxIntent now(Status newStatus) {
    return new SandboxIntent(
        id,
        created,
        amount,
        amountRefunded,
        currency,
        paymentMethod,
        automatic,
        newStatus,
        metadata,
        null);
  }

  SandboxIntent refunded(long more) {
    return new SandboxIntent(
        id,
        created,
        amount,
        amountRefunded + more,
        currency,
        paymentMethod,
        automatic,
        status,
        metadata,
        settlesAt);
  }

  /** What the provider calls the change that led to this status. */
  String eventType() {
    return switch (status) {
      case REQUIRES_PAYMENT_METHOD -> "payment_intent.payment_failed";
      case REQUIRES_CAPTURE -> "payment_intent.amount_capturable_updated";
      case PROCESSING -> "payment_intent.processing";
      case SUCCEEDED -> "payment_intent.succeeded";
      case CANCELED -> "payment_intent.canceled";
    };
  }

  long amountReceived() {
    return status == Status.SUCCEEDED ? amount : 0;
  }

  /** Stripe's JSON of it, as far as it is used. */
  Map<String, Object> toWire(boolean withCharge) {
    var wire = new LinkedHashMap<String, Object>();
    wire.put("id", id);
    wire.put("object", "payment_intent");
    wire.put("amount", amount);
    wire.put("amount_capturable", status == Status.REQUIRES_CAPTURE ? amount : 0);
    wire.put("amount_received", amountReceived());
    wire.put("capture_method", automatic ? "automatic" : "manual");
    wire.put("confirmation_method", "automatic");
    wire.put("created", created.getEpochSecond());
    wire.put("currency", currency);
    if (status == Status.REQUIRES_PAYMENT_METHOD) {
      wire.put("last_payment_error", SandboxReply.cardDeclined());
    } else {
      wire.put("latest_charge", withCharge ? charge() : chargeId());
    }
    wire.put("livemode", false);
    wire.put("metadata", metadata);
    wire.put("payment_method", paymentMethod);
    wire.put("payment_method_types", List.of("card"));
    wire.put("status", status.wire());
    return wire;
  }

  private String chargeId() {
    return "ch" + id.substring(2);
  }

  private Map<String, Object> charge() {
    return Map.of(
        "id",
        chargeId(),
        "object",
        "charge",
        "payment_method_details",
        Map.of(
            "type", "card", "card", Map.of("capture_before", created.plus(HOLD).getEpochSecond())));
  }
}
