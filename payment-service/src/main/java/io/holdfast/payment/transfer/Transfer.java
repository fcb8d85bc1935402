package io.holdfast.payment.transfer;

import io.holdfast.contracts.Code;
import io.holdfast.contracts.Reason;
import io.holdfast.payment.provider.ProviderRecord;
import io.holdfast.payment.provider.TransferAnswer;
import io.holdfast.payment.provider.TransferAnswer.Absent;
import io.holdfast.payment.provider.TransferAnswer.Known;
import io.holdfast.payment.provider.TransferAnswer.Rejected;
import io.holdfast.payment.provider.TransferAnswer.Unknown;
import io.holdfast.payment.provider.TransferAnswer.Untouched;
import io.holdfast.payment.provider.TransferKind;
import io.holdfast.payment.provider.TransferOrder;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Money that moves once at the provider: what is wanted, and what is known. Pure; its clock is in
 * its fields.
 *
 * @param order what is asked of the provider; its id is the refunded payment's own where that is
 *     given back because its saga was cancelled
 * @param outcomeUnknown whether a request was sent whose outcome could not be learned yet
 * @param round how often it was begun anew because the request before certainly did nothing; part
 *     of the idempotency key
 * @param attempts claims since something definite was last learned
 * @param version of the claim; who holds an older one has lost it
 * @param failure why it failed
 * @param lastError what went wrong last, for people
 * @param alarm what the provider said that cannot be, and was not applied
 * @param trace the trace that it belongs to
 */
public record Transfer(
    TransferOrder order,
    TransferState state,
    boolean outcomeUnknown,
    @Nullable String providerId,
    int round,
    int attempts,
    long version,
    @Nullable Instant firstSentAt,
    @Nullable Instant lastSentAt,
    @Nullable Reason failure,
    @Nullable String lastError,
    @Nullable String alarm,
    String trace) {

  /** A new one; one that a saga only prepares waits for the saga's decision. */
  static Transfer of(TransferOrder order, String trace) {
    var state =
        order.kind() == TransferKind.TOP_UP ? TransferState.CREATED : TransferState.PREPARED;
    return new Transfer(order, state, false, null, 0, 0, 0, null, null, null, null, null, trace);
  }

  /** Which way the money moves. */
  public TransferKind kind() {
    return order.kind();
  }

  /** The saga of a refund or payout; the caller's id of a top-up. */
  public UUID id() {
    return order.id();
  }

  /** The refunded payment, the withdrawal that is paid out, the wallet that is topped up. */
  public UUID subject() {
    return order.subject();
  }

  /** Whether it gives back a payment that was taken though its saga was cancelled. */
  boolean undoesPayment() {
    return kind() == TransferKind.REFUND && id().equals(subject());
  }

  /** In minor units of the currency. */
  public long amountMinor() {
    return order.amountMinor();
  }

  /** ISO 4217 code. */
  public String currency() {
    return order.currency();
  }

  /** Whether nothing is to be asked of the provider. */
  public boolean isSettled() {
    return state.next() == TransferAction.NOTHING;
  }

  /** The saga has decided for it. */
  Transfer decided() {
    return state == TransferState.PREPARED ? in(TransferState.CREATED) : this;
  }

  /**
   * The saga has decided against it.
   *
   * @throws IllegalStateException if something may have been sent: then its saga had confirmed it
   */
  Transfer dropped() {
    return switch (state) {
      case PREPARED -> in(TransferState.DROPPED);
      case FAILED, DROPPED -> this;
      case CREATED, SENDING, PENDING, SUCCEEDED ->
          throw new IllegalStateException(
              "%s %s is cancelled in %s".formatted(kind(), id(), state));
    };
  }

  private Transfer in(TransferState newState) {
    return new Transfer(
        order,
        newState,
        outcomeUnknown,
        providerId,
        round,
        attempts,
        version,
        firstSentAt,
        lastSentAt,
        failure,
        lastError,
        alarm,
        trace);
  }

  /** To be stored before the provider is asked, so that a crash leaves a question, not a guess. */
  Transfer claimed(Instant now) {
    boolean sends = state.next() == TransferAction.SEND;
    return new Transfer(
        order,
        sends ? TransferState.SENDING : state,
        outcomeUnknown || state == TransferState.SENDING,
        providerId,
        round,
        attempts + 1,
        version + 1,
        sends && firstSentAt == null ? now : firstSentAt,
        sends ? now : lastSentAt,
        failure,
        lastError,
        alarm,
        trace);
  }

  /** The provider's key for sending it: the same as long as it may have been done. */
  String idempotencyKey() {
    return "holdfast-%s-%s-%d".formatted(kind().label(), id(), round);
  }

  /** Whether the provider tells something that is not known here yet, or contradicts it. */
  boolean isNews(ProviderRecord.Status told) {
    return switch (told) {
      case HELD, PENDING ->
          switch (state) {
            case PENDING, SUCCEEDED, FAILED -> false;
            case PREPARED, CREATED, SENDING, DROPPED -> true;
          };
      case SUCCEEDED -> state != TransferState.SUCCEEDED;
      case FAILED, VOIDED -> state != TransferState.FAILED;
    };
  }

  /** Why {@code found} cannot be this transfer; null if it can. */
  @Nullable String contradiction(ProviderRecord found) {
    UUID note = found.ourId();
    if (found.transferKind() != kind() || (note != null && !note.equals(id()))) {
      return "the provider's %s is no %s of ours with id %s"
          .formatted(found.id(), kind().label(), id());
    }
    if (providerId != null && !providerId.equals(found.id())) {
      return "the provider has %s besides %s".formatted(found.id(), providerId);
    }
    String difference = found.differenceTo(amountMinor(), currency());
    if (difference != null) {
      return difference;
    }
    return switch (state) {
      case PREPARED, DROPPED -> "the provider has %s, which was never sent".formatted(found.id());
      case SUCCEEDED ->
          found.status() == ProviderRecord.Status.SUCCEEDED
                  || found.status() == ProviderRecord.Status.PENDING
              ? null
              : "the provider says that %s is %s after it succeeded"
                  .formatted(found.id(), found.status());
      case FAILED ->
          found.status() == ProviderRecord.Status.SUCCEEDED
              ? "the provider says that %s succeeded after it failed".formatted(found.id())
              : null;
      case CREATED, SENDING, PENDING -> null;
    };
  }

  /**
   * What the provider's answer means for this transfer. What cannot be is kept as an alarm and
   * changes nothing else.
   *
   * @param action what was asked
   * @param askedAt not later than this the provider was asked; when the answer is looked at counts
   *     for nothing
   * @param absenceCertainAfter how long after it was sent it is certain that one that the provider
   *     does not know will never be
   */
  Transfer answered(
      TransferAction action, TransferAnswer said, Instant askedAt, Duration absenceCertainAfter) {
    return switch (judged(action, said, askedAt, absenceCertainAfter)) {
      case Known(var found) -> {
        String contradiction = contradiction(found);
        yield contradiction == null ? applied(found) : alarmed(contradiction);
      }
      case Rejected(String rejectedId, Reason reason) ->
          state.isFinal()
              ? this
              : learned(TransferState.FAILED, rejectedId == null ? providerId : rejectedId, reason);
      case Untouched(String why) -> state == TransferState.SENDING ? anew(why) : failing(why);
      case Absent _ -> failing("the provider does not know it (yet)");
      case Unknown(String why) -> failing(why);
    };
  }

  /** A connection that failed proves nothing about an earlier request. */
  private TransferAnswer judged(
      TransferAction action, TransferAnswer said, Instant askedAt, Duration absenceCertainAfter) {
    return switch (said) {
      case Untouched(String why) when outcomeUnknown || action == TransferAction.QUERY ->
          new Unknown(why);
      case Absent _ when providerId != null ->
          new Unknown("the provider does not know its own " + providerId);
      case Absent(var behind)
          when lastSentAt == null
              || lastSentAt.plus(absenceCertainAfter).plus(behind).isBefore(askedAt) ->
          new Untouched("the provider has no such " + kind().label());
      case Known _, Rejected _, Absent _, Untouched _, Unknown _ -> said;
    };
  }

  private Transfer applied(ProviderRecord found) {
    if (state.isFinal()) {
      return this;
    }
    return switch (found.status()) {
      case SUCCEEDED -> learned(TransferState.SUCCEEDED, found.id(), null);
      case FAILED, VOIDED ->
          learned(
              TransferState.FAILED,
              found.id(),
              Objects.requireNonNullElse(
                  found.failure(), Reason.of(Code.PAYMENT_FAILED, "the provider could not do it")));
      case HELD, PENDING -> learned(TransferState.PENDING, found.id(), null);
    };
  }

  private Transfer learned(
      TransferState newState, @Nullable String newProviderId, @Nullable Reason newFailure) {
    boolean progress = newState != state;
    return new Transfer(
        order,
        newState,
        false,
        newProviderId,
        round,
        progress ? 0 : attempts,
        version,
        firstSentAt,
        lastSentAt,
        newFailure,
        newFailure == null ? lastError : newFailure.detail(),
        alarm,
        trace);
  }

  private Transfer anew(String why) {
    return new Transfer(
        order,
        TransferState.CREATED,
        false,
        providerId,
        round + 1,
        attempts,
        version,
        firstSentAt,
        lastSentAt,
        failure,
        why,
        alarm,
        trace);
  }

  private Transfer failing(String why) {
    return new Transfer(
        order,
        state,
        state == TransferState.SENDING,
        providerId,
        round,
        attempts,
        version,
        firstSentAt,
        lastSentAt,
        failure,
        why,
        alarm,
        trace);
  }

  Transfer alarmed(String why) {
    return new Transfer(
        order,
        state,
        outcomeUnknown,
        providerId,
        round,
        attempts,
        version,
        firstSentAt,
        lastSentAt,
        failure,
        lastError,
        why,
        trace);
  }
}
