package io.holdfast.contracts.payment;

import io.holdfast.contracts.ParticipantContract;
import java.time.Duration;

/**
 * The payment service as a participant. Its confirm is a capture, which a provider may still
 * decline.
 */
public final class PaymentContract {

  public static final ParticipantContract<AuthorizePayment> PAYMENT =
      new ParticipantContract<>(
          "payment",
          "payment.commands",
          "payment.replies",
          "io.holdfast.payment.authorize-payment.v1",
          "io.holdfast.payment.capture-payment.v1",
          "io.holdfast.payment.void-payment.v1",
          AuthorizePayment.class,
          Duration.ofMinutes(10));

  private PaymentContract() {}
}
