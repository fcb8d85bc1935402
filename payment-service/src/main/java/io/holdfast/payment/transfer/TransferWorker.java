package io.holdfast.payment.transfer;

import io.holdfast.contracts.Code;
import io.holdfast.contracts.ParticipantContract;
import io.holdfast.contracts.Reason;
import io.holdfast.contracts.SagaId;
import io.holdfast.contracts.payment.PaymentContract;
import io.holdfast.contracts.payment.TopUpSucceeded;
import io.holdfast.messaging.AfterCommit;
import io.holdfast.messaging.DueWork;
import io.holdfast.messaging.DueWork.Answered;
import io.holdfast.messaging.Envelope;
import io.holdfast.messaging.Json;
import io.holdfast.messaging.Outbox;
import io.holdfast.messaging.Outbox.Outgoing;
import io.holdfast.messaging.Pauses;
import io.holdfast.messaging.TimerLoop;
import io.holdfast.messaging.TraceParent;
import io.holdfast.participant.Settlement;
import io.holdfast.participant.Settlement.Outcome;
import io.holdfast.payment.PaymentProperties;
import io.holdfast.payment.card.PaymentStore;
import io.holdfast.payment.card.PaymentStore.Refunded;
import io.holdfast.payment.provider.Heard;
import io.holdfast.payment.provider.ProviderRecord;
import io.holdfast.payment.provider.TransferAnswer;
import io.holdfast.payment.provider.TransferAnswer.Absent;
import io.holdfast.payment.provider.TransferAnswer.Known;
import io.holdfast.payment.provider.TransferAnswer.Rejected;
import io.holdfast.payment.provider.TransferAnswer.Unknown;
import io.holdfast.payment.provider.TransferAnswer.Untouched;
import io.holdfast.payment.provider.TransferKind;
import io.holdfast.payment.provider.TransferProvider;
import io.holdfast.payment.transfer.TransferStore.Claim;
import io.holdfast.payment.transfer.TransferStore.Learned;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.transaction.support.TransactionOperations;

/**
 * Brings refunds, payouts and top-ups to their end. Whoever learns something first, the answer to
 * the request, a question or a notification, records it together with what it leads to: the answer
 * to the saga, or the event that credits a wallet. Whoever comes second finds it done. What is
 * learned at the same time is recorded at once.
 */
public final class TransferWorker implements DueWork.Work<Claim, TransferAnswer>, AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(TransferWorker.class);
  private static final int ATTEMPTS_BEFORE_WARNING = 4;
  private static final String SOURCE = "payment-service";

  /** Whose sagas wait for the end of a transfer, in the order in which their fences are locked. */
  private static final List<ParticipantContract<?>> STEPS =
      List.of(PaymentContract.CARD_REFUND, PaymentContract.PAYMENT, PaymentContract.PAYOUT);

  private final TransferStore store;
  private final PaymentStore payments;
  private final TransferProvider provider;
  private final Settlement settlement;
  private final Outbox outbox;
  private final PaymentProperties properties;
  private final MeterRegistry metrics;
  private final Pauses pauses;
  private final DueWork<Claim, TransferAnswer> work;

  TransferWorker(
      TransferStore store,
      PaymentStore payments,
      TransferProvider provider,
      Settlement settlement,
      Outbox outbox,
      TransactionOperations transactions,
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
    this.work = new DueWork<>("transfers", properties.parallelCalls(), transactions, this);
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

  /** Says that a transfer is due, once the surrounding transaction has committed. */
  void wakeUp() {
    work.wakeUp();
  }

  @Override
  public List<Claim> claim(int limit) {
    return store.claim(limit);
  }

  @Override
  public Duration untilNextDue(Duration atMost) {
    return store.untilNextDue(atMost);
  }

  @Override
  public TransferAnswer call(Claim claim) {
    long startedAt = System.nanoTime();
    var transfer = claim.transfer();
    var answer =
        switch (claim.action()) {
          case SEND -> provider.send(transfer.order(), transfer.idempotencyKey());
          case QUERY -> provider.find(lookup(transfer, transfer.providerId()));
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
    return answer;
  }

  private static TransferProvider.Lookup lookup(Transfer transfer, @Nullable String providerId) {
    return new TransferProvider.Lookup(
        transfer.order(), providerId, transfer.firstSentAt(), transfer.lastSentAt());
  }

  /** Kinds in the order in which commands lock what is theirs. */
  @Override
  public void record(List<Answered<Claim, TransferAnswer>> round) {
    var byKind =
        new EnumMap<TransferKind, List<Answered<Claim, TransferAnswer>>>(TransferKind.class);
    for (var answered : round) {
      byKind
          .computeIfAbsent(answered.claim().transfer().kind(), _ -> new ArrayList<>())
          .add(answered);
    }
    byKind.forEach(this::record);
  }

  private void record(TransferKind kind, List<Answered<Claim, TransferAnswer>> round) {
    var ids = round.stream().map(answered -> answered.claim().transfer().id()).distinct().toList();
    var asked = round.stream().map(answered -> answered.claim().transfer()).toList();
    for (var step : STEPS) {
      settlement.lock(step, of(step, asked).map(it -> new SagaId(it.id())).distinct().toList());
    }
    var known = new HashMap<UUID, Transfer>();
    store.loadLocked(kind, ids).forEach(locked -> known.put(locked.id(), locked));
    var learned = new TreeMap<UUID, Learned>();
    for (var answered : round) {
      var id = answered.claim().transfer().id();
      var before = known.get(id);
      if (before == null) {
        throw new IllegalStateException("gone: " + answered.claim());
      }
      var after = after(before, answered);
      if (after != null) {
        known.put(id, after);
        learned.merge(
            id,
            new Learned(before, after, pause(after, answered.answer())),
            (first, second) -> new Learned(first.known(), second.transfer(), second.pause()));
        AfterCommit.run(() -> report(before, after, answered.answer()));
      }
    }
    store.record(List.copyOf(learned.values()));
    conclude(
        kind, learned.values().stream().filter(Learned::isEnd).map(Learned::transfer).toList());
  }

  /** Null if it does not count any more, or brings nothing new. */
  private @Nullable Transfer after(Transfer before, Answered<Claim, TransferAnswer> answered) {
    var claim = answered.claim();
    if (before.version() != claim.transfer().version() && !isFact(answered.answer())) {
      return null;
    }
    var after =
        before.answered(
            claim.action(), answered.answer(), claim.at(), properties.absenceCertainAfter());
    return after.equals(before) && before.state().isFinal() ? null : after;
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

  /** Which step of its saga waits for the end of a transfer. */
  private static Optional<ParticipantContract<?>> step(Transfer transfer) {
    return switch (transfer.kind()) {
      case REFUND ->
          Optional.of(
              transfer.undoesPayment() ? PaymentContract.PAYMENT : PaymentContract.CARD_REFUND);
      case PAYOUT -> Optional.of(PaymentContract.PAYOUT);
      case TOP_UP -> Optional.empty();
    };
  }

  private static Stream<Transfer> of(ParticipantContract<?> step, List<Transfer> transfers) {
    return transfers.stream().filter(transfer -> step(transfer).equals(Optional.of(step)));
  }

  /** The one moment at which transfers end. */
  private void conclude(TransferKind kind, List<Transfer> ended) {
    for (var step : STEPS) {
      tell(step, of(step, ended).toList());
    }
    switch (kind) {
      case REFUND -> payBack(ended);
      case PAYOUT -> {}
      case TOP_UP -> announce(ended);
    }
  }

  private void tell(ParticipantContract<?> step, List<Transfer> ended) {
    var outcomes = new TreeMap<SagaId, Outcome>();
    for (var transfer : ended) {
      outcome(transfer).ifPresent(outcome -> outcomes.put(new SagaId(transfer.id()), outcome));
    }
    var told = settlement.settle(step, outcomes);
    outcomes.forEach(
        (saga, outcome) -> {
          if (!told.contains(saga)) {
            log.error(
                "saga {}: {} of {}, but nobody waits for it; see what the saga did",
                saga,
                outcome,
                step.name());
          }
        });
  }

  /**
   * A cancel cannot be declined: that of a payment which the card does not take back stays open.
   */
  private static Optional<Outcome> outcome(Transfer ended) {
    boolean done = ended.state() == TransferState.SUCCEEDED;
    if (ended.undoesPayment()) {
      return done ? Optional.of(new Outcome.Cancelled()) : Optional.empty();
    }
    return Optional.of(done ? new Outcome.Confirmed() : new Outcome.Declined(failure(ended)));
  }

  private void payBack(List<Transfer> ended) {
    if (ended.isEmpty()) {
      return;
    }
    var changes = new TreeMap<UUID, Refunded>();
    for (var refund : ended) {
      long amount = refund.amountMinor();
      changes.merge(
          refund.subject(),
          new Refunded(
              refund.subject(), -amount, refund.state() == TransferState.SUCCEEDED ? amount : 0),
          Refunded::plus);
    }
    payments.lockRefundable(changes.keySet());
    payments.refund(List.copyOf(changes.values()));
    ended.stream()
        .filter(refund -> refund.undoesPayment() && refund.state() != TransferState.SUCCEEDED)
        .forEach(this::keptInVain);
  }

  private void keptInVain(Transfer refund) {
    String why =
        "taken though the saga was cancelled, and not to be given back: "
            + failure(refund).detail();
    payments.alarm(new SagaId(refund.subject()), why);
    AfterCommit.run(
        () -> {
          metrics.counter("payment.mismatch", "kind", "payment").increment();
          log.error("saga {}: {}. An operator has to give it back", refund.subject(), why);
        });
  }

  static Reason failure(Transfer failed) {
    return Objects.requireNonNullElse(
        failed.failure(), Reason.of(Code.PAYMENT_FAILED, "the provider could not do it"));
  }

  private void announce(List<Transfer> ended) {
    outbox.append(
        ended.stream()
            .filter(topUp -> topUp.state() == TransferState.SUCCEEDED)
            .map(TransferWorker::arrived)
            .toList());
  }

  private static Outgoing arrived(Transfer topUp) {
    var event =
        new TopUpSucceeded(topUp.id(), topUp.subject(), topUp.amountMinor(), topUp.currency());
    return new Outgoing(
        PaymentContract.EVENTS_TOPIC,
        Envelope.first(
            SOURCE,
            PaymentContract.TOP_UP_SUCCEEDED_TYPE,
            new SagaId(topUp.id()),
            new TraceParent(topUp.trace()).child(),
            Json.bytes(event)));
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
  public Heard hear(TransferKind kind, ProviderRecord told) {
    var found = find(kind, told);
    if (found.isEmpty()) {
      return new Heard.Unmatched("no %s of ours".formatted(kind.label()));
    }
    var known = found.get();
    String difference = told.differenceTo(known.amountMinor(), known.currency());
    if (difference != null) {
      store.recordAlarm(known, difference);
      alarm(known, difference);
      return new Heard.Refused(difference);
    }
    if (!known.isNews(told.status())) {
      return new Heard.Stale("is %s already".formatted(known.state()));
    }
    return switch (provider.find(lookup(known, told.id()))) {
      case Known(var now) -> learn(known, now);
      case Rejected(_, Reason reason) -> new Heard.Later(reason.detail());
      case Absent _ -> new Heard.Later("the provider does not show it");
      case Untouched(String why) -> new Heard.Later(why);
      case Unknown(String why) -> new Heard.Later(why);
    };
  }

  private Heard learn(Transfer known, ProviderRecord now) {
    if (!work.record(new Claim(TransferAction.QUERY, known, now.createdAt()), new Known(now))) {
      return new Heard.Later("could not be recorded");
    }
    var after = store.load(known.kind(), known.id()).orElse(known);
    String contradiction = after.contradiction(now);
    return contradiction == null
        ? new Heard.Applied("is " + after.state())
        : new Heard.Refused(contradiction);
  }

  private Optional<Transfer> find(TransferKind kind, ProviderRecord told) {
    @Nullable UUID id = told.ourId();
    return id == null ? store.loadByProviderId(told.id()) : store.load(kind, id);
  }

  @Override
  public void close() {
    work.close();
  }
}
