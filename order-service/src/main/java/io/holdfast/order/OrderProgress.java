package io.holdfast.order;

import io.holdfast.contracts.Reason;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What can change about an order, as committed. */
record OrderProgress(
    UUID orderId,
    int version,
    OrderState state,
    @Nullable Reason reason,
    @Nullable Approval approval,
    Refunded refundState,
    long refundedMinor,
    Fulfilment fulfilment,
    @Nullable String trackingCode,
    Instant placedAt,
    @Nullable Instant cancelRequestedAt,
    @Nullable Instant endedAt) {}
