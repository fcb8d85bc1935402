package io.holdfast.order;

import io.holdfast.contracts.Reason;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A refund as its customer sees it.
 *
 * @param refundId also the id of its saga
 * @param walletMinor what goes back to the wallet, in minor units of the order's currency
 * @param cardMinor what goes back to the card
 * @param returned whether the goods come back into stock; damaged ones are written off
 * @param reason why it was asked for
 * @param failure why nothing was paid back; null unless it failed
 */
record Refund(
    UUID refundId,
    UUID orderId,
    RefundState state,
    long walletMinor,
    long cardMinor,
    String currency,
    List<Refunding.Line> lines,
    boolean returned,
    String reason,
    @Nullable Reason failure,
    Instant requestedAt,
    @Nullable Instant endedAt) {

  Refund {
    lines = List.copyOf(lines);
  }
}
