package io.holdfast.payment.card;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What was given back of payments, told by whoever gives it back. */
public interface Refunds {

  /** The refunds of a payment, oldest first. */
  List<Refund> refundsOf(UUID payment);

  /**
   * A refund of a payment.
   *
   * @param refundId its saga
   * @param state PREPARED (waits for its saga), CREATED, SENDING, PENDING (at the provider),
   *     SUCCEEDED, FAILED or DROPPED (its saga was cancelled)
   */
  record Refund(
      UUID refundId,
      String state,
      long amountMinor,
      String currency,
      @Nullable String providerId,
      @Nullable String failure,
      @Nullable String alarm,
      @Nullable Instant nextActionAt,
      Instant createdAt,
      Instant changedAt) {}
}
