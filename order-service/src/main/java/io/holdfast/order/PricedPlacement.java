package io.holdfast.order;

import io.holdfast.contracts.saga.PlaceOrder;
import io.holdfast.order.Pricing.Priced;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A placement that has its prices and can be stored.
 *
 * @param needsApproval whether a reviewer has to approve it
 */
record PricedPlacement(Placement placement, Priced priced, boolean needsApproval) {

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
        placement.voucherCode(),
        approval(),
        null,
        null,
        null,
        Refunded.NONE,
        0,
        Fulfilment.NONE,
        null,
        at,
        null,
        null);
  }

  @Nullable Approval approval() {
    return needsApproval ? Approval.AWAITING : null;
  }

  PlaceOrder sagaInput() {
    return new PlaceOrder(
        placement.customerId(),
        OrderLine.goods(priced.lines()),
        priced.totalMinor(),
        priced.currency(),
        placement.paymentMethod(),
        placement.voucherCode(),
        OrderLine.metered(priced.lines()),
        needsApproval);
  }
}
