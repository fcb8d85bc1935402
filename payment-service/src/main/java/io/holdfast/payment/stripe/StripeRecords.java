package io.holdfast.payment.stripe;

import com.stripe.model.PaymentIntent;
import com.stripe.model.Payout;
import com.stripe.model.Refund;
import com.stripe.model.StripeObject;
import io.holdfast.contracts.Code;
import io.holdfast.contracts.Reason;
import io.holdfast.payment.provider.ProviderRecord;
import io.holdfast.payment.provider.ProviderRecord.Kind;
import io.holdfast.payment.provider.ProviderRecord.Status;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Stripe's objects as records of ours, from an answer, a list or a notification alike. */
public final class StripeRecords {

  /** The notes by which the provider's objects name ours. */
  static final String SAGA_ID = "saga_id";

  static final String REFUND_ID = "refund_id";
  static final String PAYOUT_ID = "payout_id";
  static final String TOP_UP_ID = "top_up_id";

  private static final Reason CARD_DECLINED = Reason.of(Code.CARD_DECLINED, "card declined");

  private StripeRecords() {}

  /** Empty for objects that are no movement of money. */
  public static Optional<ProviderRecord> of(@Nullable StripeObject object) {
    return switch (object) {
      case PaymentIntent intent -> Optional.of(of(intent));
      case Refund refund -> Optional.of(of(refund));
      case Payout payout -> Optional.of(of(payout));
      case null, default -> Optional.empty();
    };
  }

  /** https://docs.stripe.com/payments/paymentintents/lifecycle */
  static ProviderRecord of(PaymentIntent intent) {
    boolean topUp = intent.getMetadata() != null && intent.getMetadata().containsKey(TOP_UP_ID);
    var status =
        switch (intent.getStatus()) {
          case "requires_capture" -> Status.HELD;
          case "succeeded" -> Status.SUCCEEDED;
          case "canceled" -> Status.VOIDED;
          case "requires_payment_method", "requires_action", "requires_confirmation" ->
              Status.FAILED;
          case null, default -> Status.PENDING;
        };
    return new ProviderRecord(
        topUp ? Kind.TOP_UP : Kind.PAYMENT,
        intent.getId(),
        id(intent.getMetadata(), topUp ? TOP_UP_ID : SAGA_ID),
        number(intent.getAmount()),
        currency(intent.getCurrency()),
        status,
        status == Status.FAILED ? CARD_DECLINED : null,
        time(intent.getCreated()));
  }

  /** https://docs.stripe.com/api/refunds/object */
  static ProviderRecord of(Refund refund) {
    var status =
        switch (refund.getStatus()) {
          case "succeeded" -> Status.SUCCEEDED;
          case "failed", "canceled" -> Status.FAILED;
          case null, default -> Status.PENDING;
        };
    return new ProviderRecord(
        Kind.REFUND,
        refund.getId(),
        id(refund.getMetadata(), REFUND_ID),
        number(refund.getAmount()),
        currency(refund.getCurrency()),
        status,
        status == Status.FAILED
            ? Reason.of(Code.REFUND_FAILED, "the card does not take the refund back")
            : null,
        time(refund.getCreated()));
  }

  /** https://docs.stripe.com/api/payouts/object */
  static ProviderRecord of(Payout payout) {
    var status =
        switch (payout.getStatus()) {
          case "paid" -> Status.SUCCEEDED;
          case "failed", "canceled" -> Status.FAILED;
          case null, default -> Status.PENDING;
        };
    return new ProviderRecord(
        Kind.PAYOUT,
        payout.getId(),
        id(payout.getMetadata(), PAYOUT_ID),
        number(payout.getAmount()),
        currency(payout.getCurrency()),
        status,
        status == Status.FAILED
            ? Reason.of(Code.PAYOUT_FAILED, "the bank does not take the payout")
            : null,
        time(payout.getCreated()));
  }

  private static @Nullable UUID id(@Nullable Map<String, String> notes, String name) {
    String text = notes == null ? null : notes.get(name);
    if (text == null) {
      return null;
    }
    try {
      return UUID.fromString(text);
    } catch (IllegalArgumentException e) {
      // A note of somebody else who shares the account.
      return null;
    }
  }

  private static long number(@Nullable Long amount) {
    return amount == null ? 0 : amount;
  }

  private static String currency(@Nullable String wire) {
    return wire == null ? "" : wire.toUpperCase(Locale.ROOT);
  }

  private static Instant time(@Nullable Long epochSecond) {
    return Instant.ofEpochSecond(epochSecond == null ? 0 : epochSecond);
  }
}
