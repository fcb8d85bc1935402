package io.holdfast.payment.card;

import io.holdfast.contracts.Reason;
import io.holdfast.contracts.SagaId;
import io.holdfast.contracts.payment.PaymentContract;
import io.holdfast.messaging.AfterCommit;
import io.holdfast.messaging.DueWork;
import io.holdfast.messaging.DueWork.Answered;
import io.holdfast.messaging.Pauses;
import io.holdfast.messaging.TimerLoop;
import io.holdfast.participant.Settlement;
import io.holdfast.participant.Settlement.Outcome;
import io.holdfast.payment.PaymentProperties;
import io.holdfast.payment.card.PaymentStore.Claim;
import io.holdfast.payment.card.PaymentStore.Learned;
import io.holdfast.payment.card.PaymentStore.Refunded;
import io.holdfast.payment.card.PaymentStore.Unsettled;
import io.holdfast.payment.provider.Heard;
import io.holdfast.payment.provider.PaymentProvider;
import io.holdfast.payment.provider.ProviderAnswer;
import io.holdfast.payment.provider.ProviderRecord;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.transaction.support.TransactionOperations;

/**
 * Brings payments to where they are wanted. Each due payment is claimed in one transaction, the
 * provider is called outside of any, and its answer is recorded in another, together with the
 * answer to the saga: all answers of a round at once. A crash anywhere in between leaves a claim
 * that runs out, and then a question to the provider.
 */
public final class PaymentWorker implements DueWork.Work<Claim, ProviderAnswer>, AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(PaymentWorker.class);
  private static final int SAGA_ID_VERSION = 7;
  private static final int ATTEMPTS_BEFORE_WARNING = 4;
  private static final Duration GAUGES_EVERY = Duration.ofSeconds(5);

  private final PaymentStore store;
  private final Refunds refunds;
  private final PaymentProvider provider;
  private final Settlement settlement;
  private final PaymentProperties properties;
  private final MeterRegistry metrics;
  private final Pauses pauses;
  private final DueWork<Claim, ProviderAnswer> work;
  private volatile Unsettled unsettled = Unsettled.NONE;
  private long gaugesDueAtNanos = System.nanoTime();

  PaymentWorker(
      PaymentStore store,
      Refunds refunds,
      PaymentProvider provider,
      Settlement settlement,
      TransactionOperations transactions,
      PaymentProperties properties,
      MeterRegistry metrics) {
    this.store = store;
    this.refunds = refunds;
    this.provider = provider;
    this.settlement = settlement;
    this.properties = properties;
    this.metrics = metrics;
    this.pauses = new Pauses(properties.firstRetryAfter(), properties.lastRetryAfter());
    this.work = new DueWork<>("payments", properties.parallelCalls(), transactions, this);
    metrics.counter("payment.mismatch", "kind", "payment");
    Gauge.builder("payment.unknown", () -> unsettled.unknown())
        .description("payments with a request out whose outcome could not be learned yet")
        .register(metrics);
    Gauge.builder("payment.oldest.unsettled", () -> unsettled.oldestSeconds())
        .description("for how long the oldest payment is not where it is wanted")
        .baseUnit("seconds")
        .register(metrics);
  }

  /** What looks for due payments; runs as long as the service. */
  TimerLoop timer() {
    return work.timer();
  }

  /** Says that a payment is due, once the surrounding transaction has committed. */
  void wakeUp() {
    work.wakeUp();
  }

  @Override
  public List<Claim> claim(int limit) {
    measure();
    return store.claim(limit);
  }

  /** The gauges are read where the rows are, now and then. */
  private void measure() {
    if (System.nanoTime() - gaugesDueAtNanos >= 0) {
      gaugesDueAtNanos = System.nanoTime() + GAUGES_EVERY.toNanos();
      unsettled = store.unsettled();
    }
  }

  @Override
  public Duration untilNextDue(Duration atMost) {
    return store.untilNextDue(atMost);
  }

  @Override
  public ProviderAnswer call(Claim claim) {
    long startedAt = System.nanoTime();
    var payment = claim.payment();
    String key = payment.idempotencyKey(claim.action());
    var answer =
        switch (claim.action()) {
          case AUTHORISE ->
              provider.authorise(
                  payment.sagaId(),
                  payment.amountMinor(),
                  payment.currency(),
                  payment.paymentMethod(),
                  key);
          case QUERY -> provider.find(lookup(payment));
          case CAPTURE -> provider.capture(idOf(payment), key);
          case VOID -> provider.voidPayment(idOf(payment), key);
          case NOTHING -> throw new IllegalStateException("claimed though settled: " + payment);
        };
    metrics
        .timer(
            "payment.provider.calls",
            "operation",
            claim.action().label(),
            "outcome",
            answer.label())
        .record(System.nanoTime() - startedAt, TimeUnit.NANOSECONDS);
    return answer;
  }

  private static PaymentProvider.Lookup lookup(Payment payment) {
    Instant first = payment.firstSentAt();
    Instant last = payment.lastSentAt();
    if (first == null || last == null) {
      throw new IllegalStateException("nothing was sent for " + payment.sagaId());
    }
    return new PaymentProvider.Lookup(payment.sagaId(), payment.providerId(), first, last);
  }

  private static String idOf(Payment payment) {
    String id = payment.providerId();
    if (id == null) {
      throw new IllegalStateException("no provider's id for " + payment.sagaId());
    }
    return id;
  }

  /** Locks in the order of commands, fences first: so what is wanted stays as it is read. */
  @Override
  public void record(List<Answered<Claim, ProviderAnswer>> round) {
    var sagas =
        round.stream().map(answered -> answered.claim().payment().sagaId()).distinct().toList();
    settlement.lock(PaymentContract.PAYMENT, sagas);
    var known = new HashMap<SagaId, Payment>();
    store.loadLocked(sagas).forEach(locked -> known.put(locked.sagaId(), locked));
    var learned = new TreeMap<SagaId, Learned>();
    var outcomes = new TreeMap<SagaId, Outcome>();
    for (var answered : round) {
      var saga = answered.claim().payment().sagaId();
      var before = known.get(saga);
      if (before == null) {
        throw new IllegalStateException("payment of " + saga + " is gone");
      }
      var after = learned(before, answered);
      if (after == null) {
        log.info(
            "saga {}: another worker has asked since, {} is not used", saga, answered.answer());
        continue;
      }
      known.put(saga, after.payment());
      learned.put(saga, after);
      outcome(after.payment().verdict()).ifPresent(outcome -> outcomes.put(saga, outcome));
      AfterCommit.run(() -> report(answered, after.payment()));
    }
    tell(outcomes);
    store.recordAnswers(List.copyOf(learned.values()));
    giveBack(learned.values().stream().map(Learned::payment).toList());
  }

  /**
   * What was taken of {@code payments} in vain goes back to the cards, once. Those that are have to
   * be locked and stored in the surrounding transaction; who waits for the cancel is told when the
   * money is back.
   */
  void giveBack(Collection<Payment> payments) {
    var taken =
        payments.stream()
            .filter(Payment::isTakenInVain)
            .map(payment -> payment.sagaId().value())
            .toList();
    if (!taken.isEmpty()) {
      var left =
          store.lockRefundable(taken).stream().filter(payment -> payment.leftMinor() > 0).toList();
      store.refund(
          left.stream()
              .map(payment -> new Refunded(payment.sagaId(), payment.leftMinor(), 0))
              .toList());
      refunds.giveBack(left);
      AfterCommit.run(
          () ->
              log.warn(
                  "sagas {} were cancelled, but their payments captured by somebody else: they are given back",
                  taken));
    }
  }

  /** Null if it does not count any more. */
  private @Nullable Learned learned(Payment before, Answered<Claim, ProviderAnswer> answered) {
    var claim = answered.claim();
    var answer = answered.answer();
    if (before.version() != claim.payment().version() && !comesTooLate(before, answer)) {
      return null;
    }
    var after =
        before.answered(claim.action(), answer, claim.at(), properties.absenceCertainAfter());
    return new Learned(
        after, after.pausesAfter(answer) ? pauses.after(after.attempts()) : Duration.ZERO);
  }

  /** An authorisation that was taken as never made, and now is there: it has to be voided. */
  private static boolean comesTooLate(Payment known, ProviderAnswer answer) {
    return answer instanceof ProviderAnswer.Authorised
        && known.state() == PaymentState.VOIDED
        && known.providerId() == null;
  }

  private static Optional<Outcome> outcome(Payment.Verdict verdict) {
    return switch (verdict) {
      case Payment.Verdict.None _ -> Optional.empty();
      case Payment.Verdict.Tried _ -> Optional.of(new Outcome.Tried(null));
      case Payment.Verdict.Refused(Reason reason) -> Optional.of(new Outcome.Refused(reason));
      case Payment.Verdict.Confirmed _ -> Optional.of(new Outcome.Confirmed());
      case Payment.Verdict.CaptureDeclined(Reason reason) ->
          Optional.of(new Outcome.Declined(reason));
      case Payment.Verdict.Cancelled _ -> Optional.of(new Outcome.Cancelled());
    };
  }

  private void tell(SortedMap<SagaId, Outcome> outcomes) {
    var told = settlement.settle(PaymentContract.PAYMENT, outcomes);
    outcomes.forEach(
        (saga, outcome) -> {
          if (!told.contains(saga)) {
            log.info("saga {}: nobody waits for {} any more", saga, outcome);
          }
        });
  }

  private static void report(Answered<Claim, ProviderAnswer> answered, Payment payment) {
    if (payment.isSettled()) {
      log.info("saga {}: payment is {}", payment.sagaId(), payment.state());
    } else if (payment.attempts() >= ATTEMPTS_BEFORE_WARNING
        && Integer.bitCount(payment.attempts()) == 1) {
      log.warn(
          "saga {}: payment is {} and wanted {}, {} attempts; {} gave {}. It goes on; see that the provider can be reached",
          payment.sagaId(),
          payment.state(),
          payment.wanted(),
          payment.attempts(),
          answered.claim().action(),
          answered.answer());
    }
  }

  /**
   * The provider has told {@code told} unasked. What it says when it is asked is what counts: a
   * notification may be old, and others may have overtaken it.
   */
  public Heard hear(ProviderRecord told) {
    var saga = told.ourId();
    var found =
        saga == null || saga.version() != SAGA_ID_VERSION
            ? Optional.<Payment>empty()
            : store.load(new SagaId(saga));
    if (found.isEmpty()) {
      return new Heard.Unmatched("no payment of ours");
    }
    var known = found.get();
    String contradiction = contradiction(known, told);
    if (contradiction != null) {
      alarm(known, contradiction);
      return new Heard.Refused(contradiction);
    }
    if (!known.isNews(told.status())) {
      return new Heard.Stale("is %s already".formatted(known.state()));
    }
    return store
        .claimForLook(known)
        .map(claim -> look(claim, told))
        .orElseGet(() -> new Heard.Later("is being talked about just now"));
  }

  private static @Nullable String contradiction(Payment known, ProviderRecord told) {
    String id = known.providerId();
    return id != null && !id.equals(told.id())
        ? "the provider has %s besides %s".formatted(told.id(), id)
        : told.differenceTo(known.amountMinor(), known.currency());
  }

  private void alarm(Payment payment, String why) {
    store.alarm(payment.sagaId(), why);
    metrics.counter("payment.mismatch", "kind", "payment").increment();
    log.error(
        "saga {}: {}. Nothing was changed; an operator has to compare it with the provider's books",
        payment.sagaId(),
        why);
  }

  /** By the provider's own id: so it is found at once, however much else was made at that time. */
  private Heard look(Claim claim, ProviderRecord told) {
    var answer =
        provider.find(
            new PaymentProvider.Lookup(
                claim.payment().sagaId(), told.id(), told.createdAt(), told.createdAt()));
    return switch (answer) {
      case ProviderAnswer.Unknown(String why) -> new Heard.Later(why);
      case ProviderAnswer.Untouched(String why) -> new Heard.Later(why);
      case ProviderAnswer.Absent _ -> new Heard.Later("the provider does not show it");
      case ProviderAnswer.Authorised _,
          ProviderAnswer.Captured _,
          ProviderAnswer.Voided _,
          ProviderAnswer.Declined _ ->
          applied(claim, answer, told);
    };
  }

  /** The claim may have been lost meanwhile: then the answer was passed over. */
  private Heard applied(Claim claim, ProviderAnswer answer, ProviderRecord told) {
    var claimed = claim.payment();
    if (!work.record(claim, answer)) {
      return new Heard.Later("could not be recorded");
    }
    wakeUp();
    var stored = store.load(claimed.sagaId()).orElse(claimed);
    var expected =
        claimed.answered(claim.action(), answer, claim.at(), properties.absenceCertainAfter());
    return stored.state() == expected.state() || !stored.isNews(told.status())
        ? new Heard.Applied("is " + stored.state())
        : new Heard.Later("is being talked about just now");
  }

  @Override
  public void close() {
    work.close();
  }
}
