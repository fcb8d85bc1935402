package io.holdfast.order;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.holdfast.contracts.Reason;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** An order in a list. */
record OrderSummary(
    UUID orderId,
    OrderState state,
    @Nullable Reason reason,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Approval approval,
    Refunded refundState,
    Fulfilment fulfilment,
    long totalMinor,
    String currency,
    Instant placedAt,
    @Nullable Instant endedAt) {}
