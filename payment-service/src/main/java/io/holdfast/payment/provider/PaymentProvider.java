package io.holdfast.payment.provider;

import io.holdfast.contracts.SagaId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Whoever moves the money. Every call ends within its time limit, and never throws for what can
 * happen on the way: a lost answer is {@link ProviderAnswer.Unknown}.
 */
public interface PaymentProvider {

  /**
   * Holds the amount on the card. The same key never makes a second hold.
   *
   * @param amountMinor in minor units of {@code currency}
   */
  ProviderAnswer authorise(
      SagaId saga, long amountMinor, String currency, String paymentMethod, String idempotencyKey);

  /** Takes the whole amount that is held. */
  ProviderAnswer capture(String providerId, String idempotencyKey);

  /** Gives back what is held. */
  ProviderAnswer voidPayment(String providerId, String idempotencyKey);

  /** What the payment is now. */
  ProviderAnswer find(Lookup lookup);

  /**
   * How to find a payment.
   *
   * @param providerId the provider's id; null if its answer was never seen, then it is found by the
   *     saga id that it carries
   * @param firstSentAt not earlier than this was it made
   * @param lastSentAt when it was last asked to be made
   */
  record Lookup(
      SagaId saga, @Nullable String providerId, Instant firstSentAt, Instant lastSentAt) {}
}
