package io.holdfast.payment.reconciliation;

import io.holdfast.payment.card.Payment;
import io.holdfast.payment.card.PaymentState;
import io.holdfast.payment.provider.ProviderRecord;
import io.holdfast.payment.provider.ProviderRecord.Status;
import io.holdfast.payment.transfer.Transfer;
import io.holdfast.payment.transfer.TransferState;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Something that our books and the provider's do not agree on. Pure. What is under way here is no
 * difference: it will be learned.
 *
 * @param ourId null if we have none
 * @param providerId null if the provider has none
 * @param detail for people
 * @param action what was done about it, null if nothing
 */
record Difference(
    Kind kind,
    ProviderRecord.Kind object,
    @Nullable UUID ourId,
    @Nullable String providerId,
    String detail,
    @Nullable String action) {

  enum Kind {
    /** The provider has it, we do not. */
    MISSING_HERE,
    /** We have it, the provider does not. */
    MISSING_THERE,
    AMOUNT,
    STATE;

    /** As it is written in metrics. */
    String label() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  Difference withAction(String done) {
    return new Difference(kind, object, ourId, providerId, detail, done);
  }

  static Difference missingThere(ProviderRecord.Kind object, UUID ourId, String id) {
    return new Difference(
        Kind.MISSING_THERE,
        object,
        ourId,
        id,
        "the provider knows nothing of what is %s here".formatted(id),
        null);
  }

  /**
   * How the provider's payment differs from ours.
   *
   * @param ours null if there is none
   */
  static Optional<Difference> between(ProviderRecord theirs, @Nullable Payment ours) {
    return ours == null
        ? unknown(theirs)
        : between(
            theirs,
            new Ours(
                ours.isSettled(),
                ours.providerId(),
                ours.amountMinor(),
                ours.currency(),
                ours.state(),
                isSame(theirs.status(), ours.state())));
  }

  /**
   * How the provider's refund, payout or top-up differs from ours.
   *
   * @param ours null if there is none
   */
  static Optional<Difference> between(ProviderRecord theirs, @Nullable Transfer ours) {
    return ours == null
        ? unknown(theirs)
        : between(
            theirs,
            new Ours(
                ours.isSettled(),
                ours.providerId(),
                ours.amountMinor(),
                ours.currency(),
                ours.state(),
                isSame(theirs.status(), ours.state())));
  }

  /**
   * What we have, payment or transfer.
   *
   * @param isSame whether its state is what the provider says
   */
  private record Ours(
      boolean isSettled,
      @Nullable String providerId,
      long amountMinor,
      String currency,
      Enum<?> state,
      boolean isSame) {}

  private static Optional<Difference> between(ProviderRecord theirs, Ours ours) {
    if (!ours.isSettled()) {
      return Optional.empty();
    }
    if (!theirs.id().equals(ours.providerId())) {
      return missingHere(theirs, "besides ours, which is " + ours.state());
    }
    return unequal(theirs, ours.amountMinor(), ours.currency())
        .or(() -> ours.isSame() ? Optional.empty() : state(theirs, ours.state()));
  }

  private static Optional<Difference> unknown(ProviderRecord theirs) {
    return missingHere(theirs, "none of ours");
  }

  private static boolean isSame(Status theirs, PaymentState ours) {
    return switch (ours) {
      case AUTHORISED, CAPTURE_DECLINED -> theirs == Status.HELD;
      case CAPTURED -> theirs == Status.SUCCEEDED;
      case VOIDED, DECLINED -> theirs == Status.VOIDED || theirs == Status.FAILED;
      case CREATED, AUTHORISING, CAPTURING, VOIDING -> true;
    };
  }

  private static boolean isSame(Status theirs, TransferState ours) {
    return switch (ours) {
      case SUCCEEDED -> theirs == Status.SUCCEEDED;
      case FAILED -> theirs == Status.FAILED || theirs == Status.VOIDED;
      case PREPARED, DROPPED -> false;
      case CREATED, SENDING, PENDING -> true;
    };
  }

  /** An attempt that came to nothing is missed by nobody. */
  private static Optional<Difference> missingHere(ProviderRecord theirs, String why) {
    return switch (theirs.status()) {
      case FAILED, VOIDED -> Optional.empty();
      case HELD, PENDING, SUCCEEDED ->
          Optional.of(
              new Difference(
                  Kind.MISSING_HERE,
                  theirs.kind(),
                  theirs.ourId(),
                  theirs.id(),
                  "%d %s, %s: %s"
                      .formatted(theirs.amountMinor(), theirs.currency(), theirs.status(), why),
                  null));
    };
  }

  private static Optional<Difference> unequal(ProviderRecord theirs, long amount, String currency) {
    String difference = theirs.differenceTo(amount, currency);
    return difference == null
        ? Optional.empty()
        : Optional.of(
            new Difference(
                Kind.AMOUNT, theirs.kind(), theirs.ourId(), theirs.id(), difference, null));
  }

  private static Optional<Difference> state(ProviderRecord theirs, Enum<?> ours) {
    return Optional.of(
        new Difference(
            Kind.STATE,
            theirs.kind(),
            theirs.ourId(),
            theirs.id(),
            "%s there, %s here".formatted(theirs.status(), ours),
            null));
  }
}
