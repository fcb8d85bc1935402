package io.holdfast.payment.stripe;

import static io.holdfast.payment.stripe.StripeConnection.key;
import static io.holdfast.payment.stripe.StripeConnection.message;

import com.stripe.exception.ApiConnectionException;
import com.stripe.exception.AuthenticationException;
import com.stripe.exception.CardException;
import com.stripe.exception.InvalidRequestException;
import com.stripe.exception.StripeException;
import com.stripe.param.PaymentIntentCreateParams;
import com.stripe.param.PaymentIntentListParams;
import com.stripe.param.PayoutCreateParams;
import com.stripe.param.PayoutListParams;
import com.stripe.param.RefundCreateParams;
import com.stripe.param.RefundListParams;
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
import java.time.Instant;
import java.util.ArrayList;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/**
 * Refunds, payouts and top-ups at Stripe: Refunds of PaymentIntents, Payouts to a bank account, and
 * PaymentIntents that are captured when they are confirmed.
 */
final class StripeTransferProvider implements TransferProvider, ProviderBooks {

  private final StripeConnection stripe;

  StripeTransferProvider(StripeConnection stripe) {
    this.stripe = stripe;
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
      return new Absent();
    }
    var from = first.minus(ProviderRecord.CLOCKS_DIFFER);
    var to = last.plus(ProviderRecord.CLOCKS_DIFFER);
    var found = new ArrayList<ProviderRecord>();
    Consumer<ProviderRecord> collector =
        candidate -> {
          if (order.id().equals(candidate.ourId())) {
            found.add(candidate);
          }
        };
    switch (order.kind()) {
      case REFUND -> refunds(from, to, order.account()).forEach(collector);
      case PAYOUT -> payouts(from, to).forEach(collector);
      case TOP_UP -> intents(from, to).forEach(collector);
    }
    return found.stream()
        .filter(candidate -> candidate.status() != ProviderRecord.Status.FAILED)
        .findFirst()
        .or(() -> found.stream().findFirst())
        .<TransferAnswer>map(Known::new)
        .orElseGet(Absent::new);
  }

  @Override
  public void list(Kind kind, Instant from, Instant to, Consumer<ProviderRecord> reader) {
    try {
      var all =
          switch (kind) {
            case PAYMENT, TOP_UP -> intents(from, to);
            case REFUND -> refunds(from, to, null);
            case PAYOUT -> payouts(from, to);
          };
      all.filter(found -> found.kind() == kind).forEach(reader);
    } catch (StripeException e) {
      throw new ProviderUnavailable("the provider's list cannot be read: " + message(e), e);
    } catch (RuntimeException e) {
      // The library's pages after the first wrap what goes wrong.
      if (e.getCause() instanceof StripeException cause) {
        throw new ProviderUnavailable("the provider's list broke off: " + message(cause), cause);
      }
      throw e;
    }
  }

  @Override
  public ProviderRecord read(Kind kind, String providerId) {
    try {
      return switch (kind) {
        case PAYMENT, TOP_UP -> retrieve(TransferKind.TOP_UP, providerId);
        case REFUND -> retrieve(TransferKind.REFUND, providerId);
        case PAYOUT -> retrieve(TransferKind.PAYOUT, providerId);
      };
    } catch (StripeException e) {
      throw new ProviderUnavailable(
          "the provider's %s cannot be read: %s".formatted(providerId, message(e)), e);
    }
  }

  private Stream<ProviderRecord> intents(Instant from, Instant to) throws StripeException {
    var params =
        PaymentIntentListParams.builder()
            .setCreated(
                PaymentIntentListParams.Created.builder()
                    .setGte(from.getEpochSecond())
                    .setLte(to.getEpochSecond())
                    .build())
            .setLimit(StripeConnection.PAGE)
            .build();
    return all(stripe.v1().paymentIntents().list(params).autoPagingIterable())
        .map(StripeRecords::of);
  }

  private Stream<ProviderRecord> refunds(Instant from, Instant to, @Nullable String payment)
      throws StripeException {
    var params =
        RefundListParams.builder()
            .setCreated(
                RefundListParams.Created.builder()
                    .setGte(from.getEpochSecond())
                    .setLte(to.getEpochSecond())
                    .build())
            .setLimit(StripeConnection.PAGE);
    if (payment != null) {
      params.setPaymentIntent(payment);
    }
    return all(stripe.v1().refunds().list(params.build()).autoPagingIterable())
        .map(StripeRecords::of);
  }

  private Stream<ProviderRecord> payouts(Instant from, Instant to) throws StripeException {
    var params =
        PayoutListParams.builder()
            .setCreated(
                PayoutListParams.Created.builder()
                    .setGte(from.getEpochSecond())
                    .setLte(to.getEpochSecond())
                    .build())
            .setLimit(StripeConnection.PAGE)
            .build();
    return all(stripe.v1().payouts().list(params).autoPagingIterable()).map(StripeRecords::of);
  }

  private static <T> Stream<T> all(Iterable<T> pages) {
    return StreamSupport.stream(pages.spliterator(), false);
  }
}
