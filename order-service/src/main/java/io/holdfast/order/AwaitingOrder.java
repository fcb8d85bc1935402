package io.holdfast.order;

import java.time.Instant;
import java.util.UUID;

/** An order that awaits approval, as its reviewer sees it in a list. */
record AwaitingOrder(
    UUID orderId, UUID customerId, long totalMinor, String currency, Instant placedAt) {}
