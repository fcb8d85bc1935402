package io.holdfast.payment;

import io.holdfast.contracts.Code;
import io.holdfast.contracts.ParticipantContract;
import io.holdfast.contracts.Reason;
import io.holdfast.contracts.SagaId;
import io.holdfast.contracts.payment.PaymentContract;
import io.holdfast.contracts.payment.TopUpSucceeded;
import io.holdfast.messaging.Envelope;
import io.holdfast.messaging.Json;
import io.holdfast.messaging.Outbox;
import io.holdfast.messaging.Outbox.Outgoing;
import io.holdfast.messaging.RedoBatch;
import io.holdfast.messaging.TimerLoop;
import io.holdfast.messaging.TraceParent;
import io.holdfast.participant.Settlement;
import io.holdfast.payment.TransferAnswer.Absent;
import io.holdfast.payment.TransferAnswer.Known;
import io.holdfast.payment.TransferAnswer.Rejected;
import io.holdfast.payment.TransferAnswer.Unknown;
import io.holdfast.payment.TransferAnswer.Untouched;
import io.holdfast.payment.TransferStore.Claim;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings refunds, payouts and top-ups to their end. Whoever learns something first, the answer to
 * the request, a question or a notification, records it together with what it leads to: the answer
 * to the saga, or the event that credits a wallet. Whoever comes second finds it done.
 */
final class TransferWorker implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(TransferWorker.class);
  private static final int MAX_REDOS = 10;
  private static final int ATTEMPTS_BEFORE_WARNING = 4;
  private static final String SOURCE = "payment-service";

  private final TransferStore store;
  private final PaymentStore payments;
  private final TransferProvider provider;
  private final Settlement settlement;
  private final Outbox outbox;
  private final PaymentProperties properties;
  private final MeterRegistry metrics;
  private final Pauses pauses;
  private final DueWork<Claim> work;

  TransferWorker(
      TransferStore store,
      PaymentStore payments,
      TransferProvider provider,
      Settlement settlement,
      Outbox outbox,
      PaymentProperties properties,
      MeterRegistry metrics) {
    this.store = store;
    this.payments = payments;
    this.provider = provider;
    this.settlement = settlement;
    this.outbox = outbox;
    this.properties = properties;
    this.metrics = metrics;
    this.pauses = new Pauses(properties.firstRetryAfter(), properties.lastRetryAfter());
    this.work = new DueWork<>("transfers", properties.parallelCalls(), store, this::call);
    // There from the start, so that an alert sees the first.
    for (var kind : TransferKind.values()) {
      metrics.counter(ended(kind, TransferState.SUCCEEDED));
      metrics.counter(ended(kind, TransferState.FAILED));
      metrics.counter("payment.mismatch", "kind", kind.label());
    }
    Gauge.builder("payment.transfer.unknown", store, TransferStore::countUnknown)
        .description("refunds, payouts and top-ups whose outcome could not be learned yet")
        .register(metrics);
  }

  TimerLoop timer() {
    return work.timer();
  }

  /** Says that a transfer is due. Call it after the commit that made it so. */
  void wakeUp() {
    work.wakeUp();
  }

  private void call(Claim claim) {
    long startedAt = System.nanoTime();
    var transfer = claim.transfer();
    var answer =
        switch (claim.action()) {
          case SEND -> provider.send(transfer, transfer.idempotencyKey());
          case QUERY -> provider.find(transfer, transfer.providerId());
          case NOTHING -> throw new IllegalStateException("claimed though settled: " + transfer);
        };
    metrics
        .timer(
            "payment.provider.calls",
            "operation",
            claim.action().label() + "_" + transfer.kind().label(),
            "outcome",
            answer.label())
        .record(System.nanoTime() - startedAt, TimeUnit.NANOSECONDS);
    redoing(() -> record(claim.action(), transfer, answer));
  }

  /** Somebody else may have recorded something in between: then it is decided anew. */
  private <T> T redoing(Supplier<T> attempt) {
    for (int redo = 0; ; redo++) {
      try {
        return payments.inTransaction(attempt);
      } catch (RedoBatch e) {
        if (redo == MAX_REDOS) {
          throw e;
        }
      }
    }
  }

  /** Records what was learned and what it leads to. Returns the transfer as it is then. */
  private Transfer record(TransferAction action, Transfer asked, TransferAnswer answer) {
    var known =
        store
            .load(asked.kind(), asked.id())
            .orElseThrow(() -> new IllegalStateException("gone: " + asked));
    if (known.version() != asked.version() && !isFact(answer)) {
      return known;
    }
    var learned = known.answered(action, answer, payments.now(), properties.absenceCertainAfter());
    if (learned.equals(known) && known.state().isFinal()) {
      return known;
    }
    boolean ends = learned.state() != known.state() && learned.state().isFinal();
    // The fence is locked first, as commands do. Who comes second is told here that nobody waits,
    // and sent back below.
    boolean told = !ends || tell(learned);
    store.record(known, learned, pause(learned, answer));
    if (ends) {
      conclude(learned, told);
    }
    payments.afterCommit(() -> report(known, learned, answer));
    return learned;
  }

  /** What is in the provider's books is true whoever asked; that something failed is not. */
  private static boolean isFact(TransferAnswer answer) {
    return switch (answer) {
      case Known _ -> true;
      case Rejected _, Absent _, Untouched _, Unknown _ -> false;
    };
  }

  private Duration pause(Transfer learned, TransferAnswer answer) {
    return switch (answer) {
      case Known _, Rejected _ ->
          learned.state() == TransferState.PENDING
              ? new Pauses(properties.pendingPollAfter(), properties.lastRetryAfter())
                  .after(Math.max(1, learned.attempts()))
              : pauses.after(Math.max(1, learned.attempts()));
      case Absent _, Untouched _, Unknown _ -> pauses.after(learned.attempts());
    };
  }

  /** Returns false if the saga does not wait for it. */
  private boolean tell(Transfer ended) {
    return switch (ended.kind()) {
      case REFUND -> tell(PaymentContract.CARD_REFUND, ended);
      case PAYOUT -> tell(PaymentContract.PAYOUT, ended);
      case TOP_UP -> true;
    };
  }

  private boolean tell(ParticipantContract<?> step, Transfer ended) {
    var saga = new SagaId(ended.id());
    return ended.state() == TransferState.SUCCEEDED
        ? settlement.confirmed(step, saga)
        : settlement.declined(step, saga, failure(ended));
  }

  /** The one moment at which a transfer ends. */
  private void conclude(Transfer ended, boolean told) {
    switch (ended.kind()) {
      case REFUND ->
          payments.refundEnded(
              ended.subject(), ended.amountMinor(), ended.state() == TransferState.SUCCEEDED);
      case PAYOUT -> {}
      case TOP_UP -> announce(ended);
    }
    if (!told) {
      log.error(
          "saga {}: {} is {}, but nobody waits for it; see what the saga did",
          ended.id(),
          ended.kind(),
          ended.state());
    }
  }

  static Reason failure(Transfer failed) {
    return Objects.requireNonNullElse(
        failed.failure(), Reason.of(Code.PAYMENT_FAILED, "the provider could not do it"));
  }

  private void announce(Transfer topUp) {
    if (topUp.state() != TransferState.SUCCEEDED) {
      return;
    }
    var event =
        new TopUpSucceeded(topUp.id(), topUp.subject(), topUp.amountMinor(), topUp.currency());
    outbox.append(
        List.of(
            new Outgoing(
                PaymentContract.EVENTS_TOPIC,
                Envelope.first(
                    SOURCE,
                    PaymentContract.TOP_UP_SUCCEEDED_TYPE,
                    new SagaId(topUp.id()),
                    new TraceParent(topUp.trace()).child(),
                    Json.bytes(event)))));
  }

  private void report(Transfer known, Transfer learned, TransferAnswer answer) {
    if (!Objects.equals(known.alarm(), learned.alarm())) {
      alarm(learned, String.valueOf(learned.alarm()));
    }
    if (learned.state() != known.state() && learned.state().isFinal()) {
      metrics.counter(ended(learned.kind(), learned.state())).increment();
      log.info("{} {} is {}", learned.kind().label(), learned.id(), learned.state());
    } else if (learned.attempts() >= ATTEMPTS_BEFORE_WARNING
        && Integer.bitCount(learned.attempts()) == 1) {
      log.warn(
          "{} {} is {} after {} attempts, the last gave {}. It goes on; see that the provider can be reached",
          learned.kind().label(),
          learned.id(),
          learned.state(),
          learned.attempts(),
          answer);
    }
  }

  private static String ended(TransferKind kind, TransferState end) {
    return "payment.%s.%s"
        .formatted(kind.label(), end == TransferState.SUCCEEDED ? "succeeded" : "failed");
  }

  private void alarm(Transfer transfer, String why) {
    metrics.counter("payment.mismatch", "kind", transfer.kind().label()).increment();
    log.error(
        "{} {}: {}. Nothing was changed; an operator has to compare it with the provider's books",
        transfer.kind().label(),
        transfer.id(),
        why);
  }

  /** The provider has told {@code told} unasked; what counts is what it says when it is asked. */
  Heard hear(TransferKind kind, ProviderRecord told) {
    var found = find(kind, told);
    if (found.isEmpty()) {
      return new Heard.Unmatched("no %s of ours".formatted(kind.label()));
    }
    var known = found.get();
    String difference = told.differenceTo(known.amountMinor(), known.currency());
    if (difference != null) {
      redoing(() -> raise(known, difference));
      return new Heard.Refused(difference);
    }
    if (!known.isNews(told.status())) {
      return new Heard.Stale("is %s already".formatted(known.state()));
    }
    return switch (provider.find(known, told.id())) {
      case Known(var now) -> {
        var after = redoing(() -> record(TransferAction.QUERY, known, new Known(now)));
        String contradiction = after.contradiction(now);
        yield contradiction == null
            ? new Heard.Applied("is " + after.state())
            : new Heard.Refused(contradiction);
      }
      case Rejected(_, Reason reason) -> new Heard.Later(reason.detail());
      case Absent _ -> new Heard.Later("the provider does not show it");
      case Untouched(String why) -> new Heard.Later(why);
      case Unknown(String why) -> new Heard.Later(why);
    };
  }

  private Optional<Transfer> find(TransferKind kind, ProviderRecord told) {
    @Nullable UUID id = told.ourId();
    return id == null ? store.loadByProviderId(told.id()) : store.load(kind, id);
  }

  private Transfer raise(Transfer transfer, String why) {
    var known =
        store
            .load(transfer.kind(), transfer.id())
            .orElseThrow(() -> new IllegalStateException("gone: " + transfer));
    store.recordAlarm(known, why);
    payments.afterCommit(() -> alarm(known, why));
    return known;
  }

  @Override
  public void close() {
    work.close();
  }
}
