package io.holdfast.order;

import io.holdfast.messaging.TraceParent;
import io.holdfast.web.Problem;
import io.holdfast.web.Rule;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Body of {@code POST /orders}.
 *
 * @param customerId whose order it is, and whose wallet pays
 * @param lines what is ordered; left out where the cart is
 * @param fromCart whether the customer's cart is ordered, and cleared; left out: no
 * @param paymentMethod the card that pays what the wallet does not; left out: the wallet pays all
 * @param voucherCode a voucher that pays its part first; left out: none
 */
record PlaceOrderRequest(
    @NotNull UUID customerId,
    @Size(min = 1, max = Placement.MAX_LINES) @Nullable List<@NotNull @Valid Line> lines,
    @Nullable Boolean fromCart,
    @Pattern(regexp = "[A-Za-z0-9_.:-]{1,128}", message = Rule.TOKEN)
        @Nullable String paymentMethod,
    @Pattern(regexp = "[A-Z0-9-]{3,40}", message = Rule.VOUCHER_CODE)
        @Nullable String voucherCode) {

  record Line(
      @NotNull @Pattern(regexp = ProductRequest.SKU, message = Rule.PRODUCT_SKU) String sku,
      @NotNull @Min(1) @Max(1_000_000) Long quantity) {}

  /**
   * @throws Problem unless it has either lines or a cart
   */
  Placement toPlacement(UUID orderId, String idempotencyKey, TraceParent trace) {
    boolean cart = Boolean.TRUE.equals(fromCart);
    if (cart == (lines != null)) {
      throw Problem.invalid("lines", Rule.LINES_OR_CART);
    }
    return new Placement(
        orderId,
        customerId,
        idempotencyKey,
        lines == null
            ? List.of()
            : lines.stream().map(line -> new Placement.Line(line.sku(), line.quantity())).toList(),
        cart,
        paymentMethod,
        voucherCode,
        trace);
  }
}
