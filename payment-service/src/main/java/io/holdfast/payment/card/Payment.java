package io.holdfast.payment.card;

import io.holdfast.contracts.Code;
import io.holdfast.contracts.Reason;
import io.holdfast.contracts.SagaId;
import io.holdfast.payment.provider.ProviderAction;
import io.holdfast.payment.provider.ProviderAnswer;
import io.holdfast.payment.provider.ProviderAnswer.Absent;
import io.holdfast.payment.provider.ProviderAnswer.Authorised;
import io.holdfast.payment.provider.ProviderAnswer.Captured;
import io.holdfast.payment.provider.ProviderAnswer.Declined;
import io.holdfast.payment.provider.ProviderAnswer.Unknown;
import io.holdfast.payment.provider.ProviderAnswer.Untouched;
import io.holdfast.payment.provider.ProviderAnswer.Voided;
import io.holdfast.payment.provider.ProviderRecord;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One saga's payment: what is wanted, and what is known. Pure; its clock is in its fields.
 *
 * @param amountMinor in minor units of {@code currency}
 * @param paymentMethod the provider's token of the card
 * @param outcomeUnknown whether a request was sent whose outcome could not be learned yet
 * @param round how often an operation was begun anew because the one before certainly did nothing;
 *     part of the idempotency key, since a provider repeats what it answered to a key, failures
 *     included
 * @param attempts claims since something definite was last learned
 * @param version of the claim; who holds an older one has lost it
 * @param firstSentAt when an authorisation was first sent
 * @param lastSentAt when an authorisation was last sent
 * @param captureBefore when the hold expires at the provider
 * @param refusal why it was declined
 * @param lastError what went wrong last, for people
 */
public record Payment(
    SagaId sagaId,
    long amountMinor,
    String currency,
    String paymentMethod,
    PaymentState state,
    Wanted wanted,
    boolean outcomeUnknown,
    @Nullable String providerId,
    int round,
    int attempts,
    long version,
    @Nullable Instant firstSentAt,
    @Nullable Instant lastSentAt,
    @Nullable Instant captureBefore,
    @Nullable Reason refusal,
    @Nullable String lastError) {

  static final Reason EXPIRED =
      Reason.of(
          Code.AUTHORISATION_EXPIRED, "the card's authorisation expired before it was captured");

  /** What the saga is told. */
  sealed interface Verdict {
    /** Not there yet, or nobody waits. */
    record None() implements Verdict {}

    record Tried() implements Verdict {}

    record Refused(Reason reason) implements Verdict {}

    record Confirmed() implements Verdict {}

    record CaptureDeclined(Reason reason) implements Verdict {}

    record Cancelled() implements Verdict {}
  }

  static Payment requested(SagaId sagaId, long amountMinor, String currency, String paymentMethod) {
    return new Payment(
        sagaId,
        amountMinor,
        currency,
        paymentMethod,
        PaymentState.CREATED,
        Wanted.AUTHORISED,
        false,
        null,
        0,
        0,
        0,
        null,
        null,
        null,
        null,
        null);
  }

  ProviderAction next() {
    return state.next(wanted);
  }

  /** Whether it is where it is wanted. */
  public boolean isSettled() {
    return next() == ProviderAction.NOTHING;
  }

  /** Whether money was taken for a saga that is cancelled: by somebody else, at the provider. */
  boolean isTakenInVain() {
    return state == PaymentState.CAPTURED && wanted == Wanted.VOIDED;
  }

  /** Nothing sent and nothing wanted is as good as voided; something possibly sent is not. */
  Payment wanting(Wanted newWanted) {
    return with(wantedState(state, newWanted, outcomeUnknown), newWanted);
  }

  private static PaymentState wantedState(PaymentState state, Wanted wanted, boolean maybeSent) {
    if (state != PaymentState.CREATED || wanted != Wanted.VOIDED) {
      return state;
    }
    return maybeSent ? PaymentState.AUTHORISING : PaymentState.VOIDED;
  }

  /** To be stored before {@link #next} is done, so that a crash leaves a question, not a guess. */
  Payment claimed(Instant now) {
    var action = next();
    boolean sends = action == ProviderAction.AUTHORISE;
    return new Payment(
        sagaId,
        amountMinor,
        currency,
        paymentMethod,
        state.before(action),
        wanted,
        outcomeUnknown || state.isUnderWay(),
        providerId,
        round,
        attempts + 1,
        version + 1,
        sends && firstSentAt == null ? now : firstSentAt,
        sends ? now : lastSentAt,
        captureBefore,
        refusal,
        lastError);
  }

  /** The provider's key for doing {@code action}: the same as long as it may have been done. */
  String idempotencyKey(ProviderAction action) {
    return "holdfast-%s-%s-%d".formatted(sagaId, action.label(), round);
  }

  /**
   * What the provider's answer means for this payment.
   *
   * @param action what was asked
   * @param askedAt not later than this the provider was asked; when the answer is looked at counts
   *     for nothing
   * @param absenceCertainAfter how long after an authorisation was sent it is certain that one that
   *     the provider does not know will never be
   */
  Payment answered(
      ProviderAction action, ProviderAnswer said, Instant askedAt, Duration absenceCertainAfter) {
    var answer = judged(action, said, askedAt, absenceCertainAfter);
    var after = state.after(answer);
    boolean unknown =
        switch (answer) {
          case Unknown _, Absent _ -> true;
          case Authorised _, Captured _, Voided _, Declined _, Untouched _ -> false;
        };
    boolean anew = !unknown && after == stepBack();
    boolean progress = !unknown && !anew;
    return new Payment(
        sagaId,
        amountMinor,
        currency,
        paymentMethod,
        wantedState(after, wanted, unknown),
        wanted,
        unknown,
        idIn(answer),
        anew ? round + 1 : round,
        progress ? 0 : attempts,
        version,
        firstSentAt,
        lastSentAt,
        answer instanceof Authorised(_, Instant before) ? before : captureBefore,
        refusalIn(answer, after),
        errorIn(answer));
  }

  /**
   * A connection that failed proves nothing about an earlier request; nor does a failed question.
   */
  private ProviderAnswer judged(
      ProviderAction action, ProviderAnswer said, Instant askedAt, Duration absenceCertainAfter) {
    return switch (said) {
      case Untouched(String why) when outcomeUnknown || action == ProviderAction.QUERY ->
          new Unknown(why);
      case Absent _ when providerId != null ->
          new Unknown("the provider does not know its own payment " + providerId);
      case Absent(var behind)
          when lastSentAt == null
              || lastSentAt.plus(absenceCertainAfter).plus(behind).isBefore(askedAt) ->
          new Untouched("the provider has no such payment");
      case Absent _, Untouched _, Authorised _, Captured _, Voided _, Declined _, Unknown _ -> said;
    };
  }

  /** Where the request that is under way leaves from, and comes back to if it did nothing. */
  private @Nullable PaymentState stepBack() {
    return switch (state) {
      case AUTHORISING -> PaymentState.CREATED;
      case CAPTURING, VOIDING -> PaymentState.AUTHORISED;
      case CREATED, AUTHORISED, CAPTURED, CAPTURE_DECLINED, VOIDED, DECLINED -> null;
    };
  }

  /** Whether the provider tells something that is not known here yet. */
  public boolean isNews(ProviderRecord.Status told) {
    return switch (told) {
      case PENDING -> false;
      // One that was taken as never made, and now is there, is the case to look out for.
      case HELD ->
          switch (state) {
            case CREATED, AUTHORISING -> true;
            case VOIDED -> providerId == null;
            case AUTHORISED, CAPTURING, CAPTURED, CAPTURE_DECLINED, VOIDING, DECLINED -> false;
          };
      case SUCCEEDED ->
          switch (state) {
            case CREATED, AUTHORISING, AUTHORISED, CAPTURING, CAPTURE_DECLINED, VOIDING -> true;
            case CAPTURED, VOIDED, DECLINED -> false;
          };
      case VOIDED ->
          switch (state) {
            case CREATED, AUTHORISING, AUTHORISED, CAPTURING, CAPTURE_DECLINED, VOIDING -> true;
            case CAPTURED, VOIDED, DECLINED -> false;
          };
      case FAILED ->
          switch (state) {
            case CREATED, AUTHORISING -> true;
            case AUTHORISED, CAPTURING, CAPTURED, CAPTURE_DECLINED, VOIDING, VOIDED, DECLINED ->
                false;
          };
    };
  }

  /** Whether to wait before anything else is asked, the provider having said {@code said}. */
  boolean pausesAfter(ProviderAnswer said) {
    return switch (said) {
      case Unknown _, Untouched _ -> true;
      case Absent _ -> state.isUnderWay();
      case Authorised _, Captured _, Voided _, Declined _ -> false;
    };
  }

  /** What there is to tell the saga now; what is taken in vain is told when it is given back. */
  Verdict verdict() {
    if (!isSettled()) {
      return new Verdict.None();
    }
    return switch (wanted) {
      case AUTHORISED ->
          switch (state) {
            case AUTHORISED -> new Verdict.Tried();
            case DECLINED, VOIDED -> new Verdict.Refused(refusalOr(EXPIRED));
            case CREATED, AUTHORISING, CAPTURING, CAPTURED, CAPTURE_DECLINED, VOIDING ->
                new Verdict.None();
          };
      case CAPTURED ->
          switch (state) {
            case CAPTURED -> new Verdict.Confirmed();
            case CAPTURE_DECLINED, DECLINED, VOIDED ->
                new Verdict.CaptureDeclined(refusalOr(EXPIRED));
            case CREATED, AUTHORISING, AUTHORISED, CAPTURING, VOIDING -> new Verdict.None();
          };
      case VOIDED ->
          switch (state) {
            case VOIDED, DECLINED -> new Verdict.Cancelled();
            case CREATED, AUTHORISING, AUTHORISED, CAPTURING, CAPTURED, CAPTURE_DECLINED, VOIDING ->
                new Verdict.None();
          };
    };
  }

  private Reason refusalOr(Reason otherwise) {
    return refusal == null ? otherwise : refusal;
  }

  private @Nullable String idIn(ProviderAnswer answer) {
    return switch (answer) {
      case Authorised(String id, _) -> id;
      case Captured(String id) -> id;
      case Voided(String id) -> id;
      case Declined(String id, _) -> id == null ? providerId : id;
      case Absent _, Untouched _, Unknown _ -> providerId;
    };
  }

  private @Nullable Reason refusalIn(ProviderAnswer answer, PaymentState after) {
    return switch (after) {
      case DECLINED, CAPTURE_DECLINED ->
          answer instanceof Declined(_, Reason reason) ? reason : refusal;
      case CREATED, AUTHORISING, AUTHORISED, CAPTURING, CAPTURED, VOIDING, VOIDED -> refusal;
    };
  }

  private @Nullable String errorIn(ProviderAnswer answer) {
    return switch (answer) {
      case Unknown(String why) -> why;
      case Untouched(String why) -> why;
      case Declined(_, Reason reason) -> reason.detail();
      case Absent _, Authorised _, Captured _, Voided _ -> lastError;
    };
  }

  private Payment with(PaymentState newState, Wanted newWanted) {
    return new Payment(
        sagaId,
        amountMinor,
        currency,
        paymentMethod,
        newState,
        newWanted,
        outcomeUnknown,
        providerId,
        round,
        attempts,
        version,
        firstSentAt,
        lastSentAt,
        captureBefore,
        refusal,
        lastError);
  }
}
