package io.holdfast.order;

import io.holdfast.contracts.saga.PlaceOrder;
import io.holdfast.order.Pricing.Priced;
import java.time.Instant;

/** A placement that has its prices and can be stored. */
record PricedPlacement(Placement placement, Priced priced) {

  Order placedAt(Instant at) {
    return new Order(
        placement.orderId(),
        placement.customerId(),
        OrderState.PENDING,
        1,
        null,
        priced.lines(),
        priced.totalMinor(),
        priced.currency(),
        at,
        null,
        null);
  }

  PlaceOrder sagaInput() {
    return new PlaceOrder(
        placement.customerId(),
        placement.lines().stream()
            .map(line -> new PlaceOrder.Line(line.sku(), line.quantity()))
            .toList(),
        priced.totalMinor(),
        priced.currency(),
        placement.paymentMethod());
  }
}
