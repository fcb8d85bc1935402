package io.holdfast.order;

import io.holdfast.contracts.Reason;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** An order in a list. */
record OrderSummary(
    UUID orderId,
    OrderState state,
    @Nullable Reason reason,
    long totalMinor,
    String currency,
    Instant placedAt,
    @Nullable Instant endedAt) {}
