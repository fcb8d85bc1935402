package io.holdfast.payment.card;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What refunds need to know of a payment. Pure.
 *
 * @param capturedMinor what was taken; 0 if nothing was
 * @param refundingMinor set aside for refunds that are not done yet
 * @param refundedMinor given back
 */
public record RefundablePayment(
    UUID sagaId,
    @Nullable String providerId,
    String currency,
    long capturedMinor,
    long refundingMinor,
    long refundedMinor) {

  /** What can still be set aside for a refund. */
  public long leftMinor() {
    return capturedMinor - refundingMinor - refundedMinor;
  }

  /**
   * With more set aside.
   *
   * @param amountMinor less than 0 to give up what was
   */
  public RefundablePayment withAside(long amountMinor) {
    return new RefundablePayment(
        sagaId, providerId, currency, capturedMinor, refundingMinor + amountMinor, refundedMinor);
  }
}
