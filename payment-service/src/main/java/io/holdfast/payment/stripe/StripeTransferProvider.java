package io.holdfast.payment.stripe;

import static io.holdfast.payment.stripe.StripeConnection.key;
import static io.holdfast.payment.stripe.StripeConnection.message;

import com.stripe.exception.ApiConnectionException;
import com.stripe.exception.AuthenticationException;
import com.stripe.exception.CardException;
import com.stripe.exception.InvalidRequestException;
import com.stripe.exception.StripeException;
import com.stripe.param.PaymentIntentCreateParams;
import com.stripe.param.PayoutCreateParams;
import com.stripe.param.RefundCreateParams;
import io.holdfast.contracts.Code;
import io.holdfast.contracts.Reason;
import io.holdfast.payment.provider.ProviderBooks;
import io.holdfast.payment.provider.ProviderRecord;
import io.holdfast.payment.provider.ProviderRecord.Kind;
import io.holdfast.payment.provider.ProviderUnavailable;
import io.holdfast.payment.provider.TransferAnswer;
import io.holdfast.payment.provider.TransferAnswer.Absent;
import io.holdfast.payment.provider.TransferAnswer.Known;
import io.holdfast.payment.provider.TransferAnswer.Rejected;
import io.holdfast.payment.provider.TransferAnswer.Unknown;
import io.holdfast.payment.provider.TransferAnswer.Untouched;
import io.holdfast.payment.provider.TransferKind;
import io.holdfast.payment.provider.TransferOrder;
import io.holdfast.payment.provider.TransferProvider;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Refunds, payouts and top-ups at Stripe: Refunds of PaymentIntents, Payouts to a bank account, and
 * PaymentIntents that are captured when they are confirmed.
 */
final class StripeTransferProvider implements TransferProvider, ProviderBooks {

  private final StripeConnection stripe;
  private final StripeLists lists;

  StripeTransferProvider(StripeConnection stripe, StripeLists lists) {
    this.stripe = stripe;
    this.lists = lists;
  }

  @FunctionalInterface
  private interface Call {
    ProviderRecord send() throws StripeException;
  }

  @Override
  public TransferAnswer send(TransferOrder order, String idempotencyKey) {
    return answer(
        switch (order.kind()) {
          case REFUND -> () -> refund(order, idempotencyKey);
          case PAYOUT -> () -> payOut(order, idempotencyKey);
          case TOP_UP -> () -> topUp(order, idempotencyKey);
        });
  }

  private ProviderRecord refund(TransferOrder order, String idempotencyKey) throws StripeException {
    var params =
        RefundCreateParams.builder()
            .setPaymentIntent(order.account())
            .setAmount(order.amountMinor())
            .putMetadata(StripeRecords.REFUND_ID, order.id().toString())
            .build();
    return StripeRecords.of(stripe.v1().refunds().create(params, key(idempotencyKey)));
  }

  private ProviderRecord payOut(TransferOrder order, String idempotencyKey) throws StripeException {
    var params =
        PayoutCreateParams.builder()
            .setAmount(order.amountMinor())
            .setCurrency(order.currency().toLowerCase(Locale.ROOT))
            .setDestination(order.account())
            .putMetadata(StripeRecords.PAYOUT_ID, order.id().toString())
            .putMetadata("withdrawal_id", order.subject().toString())
            .build();
    return StripeRecords.of(stripe.v1().payouts().create(params, key(idempotencyKey)));
  }

  private ProviderRecord topUp(TransferOrder order, String idempotencyKey) throws StripeException {
    var params =
        PaymentIntentCreateParams.builder()
            .setAmount(order.amountMinor())
            .setCurrency(order.currency().toLowerCase(Locale.ROOT))
            .setPaymentMethod(order.account())
            .addPaymentMethodType("card")
            .setCaptureMethod(PaymentIntentCreateParams.CaptureMethod.AUTOMATIC)
            .setConfirm(true)
            .setErrorOnRequiresAction(true)
            .putMetadata(StripeRecords.TOP_UP_ID, order.id().toString())
            .build();
    return StripeRecords.of(stripe.v1().paymentIntents().create(params, key(idempotencyKey)));
  }

  private static TransferAnswer answer(Call call) {
    try {
      return new Known(call.send());
    } catch (CardException e) {
      return new Rejected(idIn(e), Reason.of(Code.CARD_DECLINED, "card declined"));
    } catch (InvalidRequestException e) {
      return StripeConnection.conflicts(e)
          ? new Unknown(message(e))
          : new Rejected(
              null,
              Reason.of(Code.PAYMENT_REJECTED, "the payment provider rejects it: " + message(e)));
    } catch (ApiConnectionException e) {
      return StripeConnection.neverLeft(e) ? new Untouched(message(e)) : new Unknown(message(e));
    } catch (AuthenticationException e) {
      return new Untouched(StripeConnection.checkTheKey(e));
    } catch (StripeException e) {
      return new Unknown(message(e));
    }
  }

  private static @Nullable String idIn(CardException e) {
    var error = e.getStripeError();
    return error == null || error.getPaymentIntent() == null
        ? null
        : error.getPaymentIntent().getId();
  }

  @Override
  public TransferAnswer find(Lookup lookup) {
    String id = lookup.providerId();
    try {
      return id == null ? search(lookup) : new Known(retrieve(lookup.order().kind(), id));
    } catch (StripeException e) {
      return new Unknown(message(e));
    }
  }

  private ProviderRecord retrieve(TransferKind kind, String id) throws StripeException {
    return switch (kind) {
      case REFUND -> StripeRecords.of(stripe.v1().refunds().retrieve(id));
      case PAYOUT -> StripeRecords.of(stripe.v1().payouts().retrieve(id));
      case TOP_UP -> StripeRecords.of(stripe.v1().paymentIntents().retrieve(id));
    };
  }

  /** Looks through what was made while it may have been; a failed attempt may stand beside it. */
  private TransferAnswer search(Lookup lookup) throws StripeException {
    var order = lookup.order();
    var first = lookup.firstSentAt();
    var last = lookup.lastSentAt();
    if (first == null || last == null) {
      return new Absent(Duration.ZERO);
    }
    return switch (order.kind()) {
      case TOP_UP -> {
        var found = lists.intents(StripeRecords.TOP_UP_ID, order.id(), first, last);
        yield theOne(found.all().stream().map(StripeRecords::of).toList(), found.behind());
      }
      case REFUND ->
          lists
              .refunds(order.account(), StripeRecords.REFUND_ID, order.id())
              .map(all -> theOne(all.stream().map(StripeRecords::of).toList(), Duration.ZERO))
              .orElseGet(StripeTransferProvider::tooMany);
      case PAYOUT ->
          lists
              .payouts(StripeRecords.PAYOUT_ID, order.id(), first, last)
              .map(all -> theOne(all.stream().map(StripeRecords::of).toList(), Duration.ZERO))
              .orElseGet(StripeTransferProvider::tooMany);
    };
  }

  private static TransferAnswer theOne(List<ProviderRecord> found, Duration behind) {
    return found.stream()
        .filter(candidate -> candidate.status() != ProviderRecord.Status.FAILED)
        .findFirst()
        .or(() -> found.stream().findFirst())
        .<TransferAnswer>map(Known::new)
        .orElseGet(() -> new Absent(behind));
  }

  private static TransferAnswer tooMany() {
    return new Unknown("the provider made too many at that time to look through");
  }

  @Override
  public void list(Kind kind, Instant from, Instant to, Consumer<ProviderRecord> reader) {
    Consumer<ProviderRecord> ofThisKind =
        found -> {
          if (found.kind() == kind) {
            reader.accept(found);
          }
        };
    try {
      switch (kind) {
        case PAYMENT, TOP_UP ->
            lists.allIntents(from, to, intent -> ofThisKind.accept(StripeRecords.of(intent)));
        case REFUND ->
            lists.allRefunds(from, to, refund -> ofThisKind.accept(StripeRecords.of(refund)));
        case PAYOUT ->
            lists.allPayouts(from, to, payout -> ofThisKind.accept(StripeRecords.of(payout)));
      }
    } catch (StripeException e) {
      throw new ProviderUnavailable("the provider's list broke off: " + message(e), e);
    }
  }

  @Override
  public Optional<ProviderRecord> read(Kind kind, String providerId) {
    try {
      return Optional.of(
          switch (kind) {
            case PAYMENT, TOP_UP -> retrieve(TransferKind.TOP_UP, providerId);
            case REFUND -> retrieve(TransferKind.REFUND, providerId);
            case PAYOUT -> retrieve(TransferKind.PAYOUT, providerId);
          });
    } catch (StripeException e) {
      if (StripeConnection.isMissing(e)) {
        return Optional.empty();
      }
      throw new ProviderUnavailable(
          "the provider's %s cannot be read: %s".formatted(providerId, message(e)), e);
    }
  }
}
