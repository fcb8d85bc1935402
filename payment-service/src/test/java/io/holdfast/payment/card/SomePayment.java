package io.holdfast.payment.card;

import io.holdfast.contracts.SagaId;
import org.jspecify.annotations.Nullable;

/** A payment as it may be stored, for tests of who reads it. */
public final class SomePayment {

  private SomePayment() {}

  /** One that is where it is wanted, if there is such a wish. */
  public static Payment in(
      PaymentState state, SagaId saga, long amountMinor, @Nullable String providerId) {
    return of(saga, amountMinor, state, wish(state), providerId);
  }

  /** One that was authorised, and then cancelled. */
  public static Payment toBeVoided(SagaId saga, long amountMinor, String providerId) {
    return of(saga, amountMinor, PaymentState.AUTHORISED, Wanted.VOIDED, providerId);
  }

  private static Wanted wish(PaymentState state) {
    return switch (state) {
      case CREATED, AUTHORISING, AUTHORISED, DECLINED -> Wanted.AUTHORISED;
      case CAPTURING, CAPTURED, CAPTURE_DECLINED -> Wanted.CAPTURED;
      case VOIDING, VOIDED -> Wanted.VOIDED;
    };
  }

  private static Payment of(
      SagaId saga,
      long amountMinor,
      PaymentState state,
      Wanted wanted,
      @Nullable String providerId) {
    return new Payment(
        saga,
        amountMinor,
        "EUR",
        "pm_card_visa",
        state,
        wanted,
        false,
        providerId,
        0,
        0,
        0,
        null,
        null,
        null,
        null,
        null);
  }
}
