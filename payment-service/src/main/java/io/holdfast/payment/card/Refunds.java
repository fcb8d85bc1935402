package io.holdfast.payment.card;

import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What is given back of payments, and who gives it back. */
public interface Refunds {

  /** The refunds of a payment, oldest first. */
  List<Refund> refundsOf(UUID payment);

  /**
   * Gives back all that is left of payments whose sagas were cancelled, once each: in the caller's
   * transaction, which has locked the payments and set the money aside.
   */
  void giveBack(Collection<RefundablePayment> payments);

  /**
   * A refund of a payment.
   *
   * @param refundId its saga; the payment's own if its saga was cancelled
   * @param state PREPARED (waits for its saga), CREATED, SENDING, PENDING (at the provider),
   *     SUCCEEDED, FAILED or DROPPED (its saga was cancelled)
   */
  record Refund(
      UUID refundId,
      String state,
      long amountMinor,
      String currency,
      @Nullable String providerId,
      @Nullable String failureCode,
      @Nullable String failure,
      @Nullable String alarm,
      @Nullable Instant nextActionAt,
      Instant createdAt,
      Instant changedAt) {}
}
