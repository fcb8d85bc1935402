package io.holdfast.order;

import io.holdfast.messaging.TraceParent;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A valid request for an order, before it has prices.
 *
 * @param orderId made before the first attempt to store it, and the same in every further attempt
 * @param customerId whose order it is, and whose wallet pays
 * @param idempotencyKey the customer's name for this request
 * @param paymentMethod the card that pays what the wallet does not; null: the wallet pays all
 */
record Placement(
    UUID orderId,
    UUID customerId,
    String idempotencyKey,
    List<Line> lines,
    @Nullable String paymentMethod,
    TraceParent trace) {

  Placement {
    lines = List.copyOf(lines);
  }

  record Line(String sku, long quantity) {}

  /**
   * What makes two requests the same: SHA-256 of everything that the customer asked for. Every text
   * is preceded by its length, so that no two requests share their bytes.
   */
  byte[] requestHash() {
    var digest = sha256();
    update(digest, customerId.toString());
    update(digest, paymentMethod == null ? "" : paymentMethod);
    for (var line : lines) {
      update(digest, line.sku());
      update(digest, Long.toString(line.quantity()));
    }
    return digest.digest();
  }

  private static void update(MessageDigest digest, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(0, bytes.length));
    digest.update(bytes);
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
