package io.holdfast.order;

import io.holdfast.messaging.TraceParent;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotEmpty;
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
 * @param paymentMethod the card that pays what the wallet does not; left out: the wallet pays all
 */
record PlaceOrderRequest(
    @NotNull UUID customerId,
    @NotEmpty @Size(max = 100) List<@NotNull @Valid Line> lines,
    @Pattern(regexp = "[A-Za-z0-9_.:-]{1,128}") @Nullable String paymentMethod) {

  record Line(
      @NotNull @Pattern(regexp = ProductRequest.SKU) String sku,
      @NotNull @Min(1) @Max(1_000_000) Long quantity) {}

  Placement toPlacement(UUID orderId, String idempotencyKey, TraceParent trace) {
    return new Placement(
        orderId,
        customerId,
        idempotencyKey,
        lines.stream().map(line -> new Placement.Line(line.sku(), line.quantity())).toList(),
        paymentMethod,
        trace);
  }
}
