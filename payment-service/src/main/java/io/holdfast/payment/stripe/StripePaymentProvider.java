package io.holdfast.payment.stripe;

import static io.holdfast.payment.stripe.StripeConnection.checkTheKey;
import static io.holdfast.payment.stripe.StripeConnection.conflicts;
import static io.holdfast.payment.stripe.StripeConnection.key;
import static io.holdfast.payment.stripe.StripeConnection.message;
import static io.holdfast.payment.stripe.StripeConnection.neverLeft;

import com.stripe.exception.ApiConnectionException;
import com.stripe.exception.AuthenticationException;
import com.stripe.exception.CardException;
import com.stripe.exception.InvalidRequestException;
import com.stripe.exception.StripeException;
import com.stripe.model.PaymentIntent;
import com.stripe.param.PaymentIntentCancelParams;
import com.stripe.param.PaymentIntentCaptureParams;
import com.stripe.param.PaymentIntentCreateParams;
import com.stripe.param.PaymentIntentRetrieveParams;
import io.holdfast.contracts.Code;
import io.holdfast.contracts.Reason;
import io.holdfast.contracts.SagaId;
import io.holdfast.payment.provider.PaymentProvider;
import io.holdfast.payment.provider.ProviderAnswer;
import io.holdfast.payment.provider.ProviderAnswer.Absent;
import io.holdfast.payment.provider.ProviderAnswer.Authorised;
import io.holdfast.payment.provider.ProviderAnswer.Captured;
import io.holdfast.payment.provider.ProviderAnswer.Declined;
import io.holdfast.payment.provider.ProviderAnswer.Unknown;
import io.holdfast.payment.provider.ProviderAnswer.Untouched;
import io.holdfast.payment.provider.ProviderAnswer.Voided;
import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Payments at Stripe: PaymentIntents that are confirmed when made and captured by hand. */
final class StripePaymentProvider implements PaymentProvider {

  private final StripeConnection stripe;
  private final StripeLists lists;

  StripePaymentProvider(StripeConnection stripe, StripeLists lists) {
    this.stripe = stripe;
    this.lists = lists;
  }

  @FunctionalInterface
  private interface Call {
    PaymentIntent send() throws StripeException;
  }

  @Override
  public ProviderAnswer authorise(
      SagaId saga, long amountMinor, String currency, String paymentMethod, String idempotencyKey) {
    var params =
        PaymentIntentCreateParams.builder()
            .setAmount(amountMinor)
            .setCurrency(currency.toLowerCase(Locale.ROOT))
            .setPaymentMethod(paymentMethod)
            .addPaymentMethodType("card")
            .setCaptureMethod(PaymentIntentCreateParams.CaptureMethod.MANUAL)
            .setConfirm(true)
            .setErrorOnRequiresAction(true)
            .putMetadata(StripeRecords.SAGA_ID, saga.toString())
            .addExpand(StripeLists.CHARGE)
            .build();
    try {
      return answer(stripe.v1().paymentIntents().create(params, key(idempotencyKey)));
    } catch (InvalidRequestException e) {
      return conflicts(e) ? unknown(e) : new Declined(null, rejected(e));
    } catch (StripeException e) {
      return answer(e);
    }
  }

  @Override
  public ProviderAnswer capture(String providerId, String idempotencyKey) {
    var params = PaymentIntentCaptureParams.builder().addExpand(StripeLists.CHARGE).build();
    return answerTo(
        () -> stripe.v1().paymentIntents().capture(providerId, params, key(idempotencyKey)));
  }

  @Override
  public ProviderAnswer voidPayment(String providerId, String idempotencyKey) {
    var params = PaymentIntentCancelParams.builder().build();
    try {
      return answer(stripe.v1().paymentIntents().cancel(providerId, params, key(idempotencyKey)));
    } catch (CardException e) {
      return unknown(e);
    } catch (StripeException e) {
      return answer(e);
    }
  }

  @Override
  public ProviderAnswer find(Lookup lookup) {
    String id = lookup.providerId();
    if (id != null) {
      var params = PaymentIntentRetrieveParams.builder().addExpand(StripeLists.CHARGE).build();
      return answerTo(() -> stripe.v1().paymentIntents().retrieve(id, params));
    }
    try {
      return search(lookup);
    } catch (StripeException e) {
      return unknown(e);
    }
  }

  /** A failed attempt may stand beside the one that counts. */
  private ProviderAnswer search(Lookup lookup) throws StripeException {
    var found =
        lists.intents(
            StripeRecords.SAGA_ID,
            lookup.saga().value(),
            lookup.firstSentAt(),
            lookup.lastSentAt());
    var answers = found.all().stream().map(StripePaymentProvider::answer).toList();
    return answers.stream()
        .filter(answer -> !(answer instanceof Declined))
        .findFirst()
        .or(() -> answers.stream().findFirst())
        .orElseGet(() -> new Absent(found.behind()));
  }

  private static ProviderAnswer answerTo(Call call) {
    try {
      return answer(call.send());
    } catch (StripeException e) {
      return answer(e);
    }
  }

  /** https://docs.stripe.com/payments/paymentintents/lifecycle */
  private static ProviderAnswer answer(PaymentIntent intent) {
    return switch (intent.getStatus()) {
      case "requires_capture" -> new Authorised(intent.getId(), captureBefore(intent));
      case "succeeded" -> new Captured(intent.getId());
      case "canceled" -> new Voided(intent.getId());
      case "requires_payment_method", "requires_action" ->
          new Declined(intent.getId(), cardDeclined());
      case null, default -> new Unknown("the provider says that it is " + intent.getStatus());
    };
  }

  private static ProviderAnswer answer(StripeException e) {
    return switch (e) {
      case CardException declined -> new Declined(idIn(declined), cardDeclined());
      case ApiConnectionException broken when neverLeft(broken) -> new Untouched(message(broken));
      case AuthenticationException refused -> new Untouched(checkTheKey(refused));
      default -> unknown(e);
    };
  }

  private static @Nullable String idIn(CardException e) {
    var error = e.getStripeError();
    return error == null || error.getPaymentIntent() == null
        ? null
        : error.getPaymentIntent().getId();
  }

  private static @Nullable Instant captureBefore(PaymentIntent intent) {
    var charge = intent.getLatestChargeObject();
    if (charge == null
        || charge.getPaymentMethodDetails() == null
        || charge.getPaymentMethodDetails().getCard() == null
        || charge.getPaymentMethodDetails().getCard().getCaptureBefore() == null) {
      return null;
    }
    return Instant.ofEpochSecond(charge.getPaymentMethodDetails().getCard().getCaptureBefore());
  }

  private static Reason cardDeclined() {
    return Reason.of(Code.CARD_DECLINED, "card declined");
  }

  private static Reason rejected(StripeException e) {
    return Reason.of(
        Code.PAYMENT_REJECTED, "the payment provider rejects the payment: " + message(e));
  }

  private static Unknown unknown(StripeException e) {
    return new Unknown(message(e));
  }
}
