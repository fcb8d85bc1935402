package io.holdfast.payment.sandbox;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The sandbox's Refund or Payout.
 *
 * @param object {@code refund} or {@code payout}
 * @param amount in minor units of {@code currency}
 * @param currency ISO 4217 code in lower case
 * @param status as Stripe writes it
 * @param paymentIntent what is refunded; null for a payout
 * @param destination where a payout goes; null for a refund
 * @param settlesAt when it ends, if it is under way
 */
record SandboxTransfer(
    String id,
    String object,
    Instant created,
    long amount,
    String currency,
    String status,
    @Nullable String paymentIntent,
    @Nullable String destination,
    Map<String, String> metadata,
    @Nullable Instant settlesAt) {

  static final String REFUND = "refund";
  static final String PAYOUT = "payout";

  boolean isRefund() {
    return object.equals(REFUND);
  }

  SandboxTransfer ended(String newStatus) {
    return new SandboxTransfer(
        id,
        object,
        created,
        amount,
        currency,
        newStatus,
        paymentIntent,
        destination,
        metadata,
        null);
  }

  /** What the provider calls the change that led to this status. */
  String eventType() {
    return switch (status) {
      case "pending", "in_transit" -> object + ".created";
      case "failed" -> object + ".failed";
      case "paid" -> "payout.paid";
      default -> "refund.updated";
    };
  }

  /** Stripe's JSON of it, as far as it is used. */
  Map<String, Object> toWire() {
    var wire = new LinkedHashMap<String, Object>();
    wire.put("id", id);
    wire.put("object", object);
    wire.put("amount", amount);
    wire.put("created", created.getEpochSecond());
    wire.put("currency", currency);
    wire.put("metadata", metadata);
    wire.put("status", status);
    if (isRefund()) {
      wire.put("payment_intent", paymentIntent);
    } else {
      wire.put("destination", destination);
      wire.put("livemode", false);
      wire.put("method", "standard");
      wire.put("type", "bank_account");
    }
    return wire;
  }
}
