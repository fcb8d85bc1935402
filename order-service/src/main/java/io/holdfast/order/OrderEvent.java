package io.holdfast.order;

import io.holdfast.contracts.Reason;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One thing that happened to an order.
 *
 * @param seq its number within the order, from 1
 * @param state the order's state after it
 * @param reason why it came to that state, or what was asked for
 */
record OrderEvent(UUID orderId, int seq, OrderState state, @Nullable Reason reason, Instant at) {}
