package io.holdfast.order;

import io.holdfast.messaging.TraceParent;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A valid request for an order, before it has prices.
 *
 * @param orderId made before the first attempt to store it, and the same in every further attempt
 * @param customerId whose order it is, and whose wallet pays
 * @param idempotencyKey the customer's name for this request
 * @param lines what is ordered; none where that is what is in the cart
 * @param fromCart whether the customer's cart is ordered, and cleared
 * @param paymentMethod the card that pays what the wallet does not; null: the wallet pays all
 * @param voucherCode a voucher that pays its part first, or null
 */
record Placement(
    UUID orderId,
    UUID customerId,
    String idempotencyKey,
    List<Line> lines,
    boolean fromCart,
    @Nullable String paymentMethod,
    @Nullable String voucherCode,
    TraceParent trace) {

  /** Of an order, and so items of a cart. */
  static final int MAX_LINES = 100;

  Placement {
    lines = List.copyOf(lines);
  }

  record Line(String sku, long quantity) {}

  /** A cart is one request whatever is in it: when it is repeated, it has been cleared. */
  byte[] requestHash() {
    var hash =
        new RequestHash()
            .with(customerId.toString())
            .with(paymentMethod == null ? "" : paymentMethod);
    for (var line : lines) {
      hash.with(line.sku()).with(line.quantity());
    }
    // No SKU has a colon. What is not asked for adds nothing: older hashes stay what they are.
    if (voucherCode != null) {
      hash.with("voucher:" + voucherCode);
    }
    if (fromCart) {
      hash.with("cart:");
    }
    return hash.bytes();
  }
}
