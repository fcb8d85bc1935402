package io.holdfast.payment.reconciliation;

import io.holdfast.messaging.AfterCommit;
import io.holdfast.messaging.DueWork;
import io.holdfast.messaging.DueWork.Answered;
import io.holdfast.messaging.Pauses;
import io.holdfast.messaging.TimerLoop;
import io.holdfast.payment.PaymentProperties;
import io.holdfast.payment.card.Payment;
import io.holdfast.payment.card.PaymentStore;
import io.holdfast.payment.card.PaymentWorker;
import io.holdfast.payment.provider.Heard;
import io.holdfast.payment.provider.PaymentProvider;
import io.holdfast.payment.provider.ProviderAnswer;
import io.holdfast.payment.provider.ProviderBooks;
import io.holdfast.payment.provider.ProviderRecord;
import io.holdfast.payment.provider.ProviderRecord.Kind;
import io.holdfast.payment.provider.ProviderUnavailable;
import io.holdfast.payment.provider.TransferKind;
import io.holdfast.payment.reconciliation.ReconciliationStore.Claim;
import io.holdfast.payment.reconciliation.ReconciliationWorker.Result;
import io.holdfast.payment.transfer.Transfer;
import io.holdfast.payment.transfer.TransferStore;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.transaction.support.TransactionOperations;

/**
 * Compares our books with the provider's, day by day and page by page. What differs is looked at
 * once more, since it may have been under way, and then stored. An authorisation that belongs to a
 * payment of ours which has ended otherwise holds somebody's money for nothing: it is voided.
 */
class ReconciliationWorker implements DueWork.Work<Claim, Result>, AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(ReconciliationWorker.class);

  /** By how much earlier than it was sent a row may have been made: the provider was down. */
  private static final Duration SENT_LATER = Duration.ofDays(1);

  private static final Duration A_DAY = Duration.ofDays(1);

  private static final Pauses PAUSES = new Pauses(Duration.ofSeconds(2), Duration.ofMinutes(5));
  private static final int PAGE = 100;
  private static final int MOST_DAYS_ASKED = 31;
  private static final String DIFFERENCES = "payment.reconciliation.differences";
  private static final String DONE = "payment.reconciliation.done";
  private static final String ORPHAN_VOIDED = "payment.orphan.voided";

  private final ReconciliationStore store;
  private final PaymentStore payments;
  private final TransferStore transfers;
  private final ProviderBooks books;
  private final PaymentProvider provider;
  private final PaymentWorker worker;
  private final PaymentProperties properties;
  private final MeterRegistry metrics;
  private final DueWork<Claim, Result> work;

  /** What came of a comparison. */
  sealed interface Result {

    /**
     * @param compared how many of the provider's records there were
     */
    record Done(long compared, List<Difference> found) implements Result {}

    /** The provider's books could not be read to their end. */
    record BrokenOff(String why) implements Result {}
  }

  ReconciliationWorker(
      ReconciliationStore store,
      PaymentStore payments,
      TransferStore transfers,
      ProviderBooks books,
      PaymentProvider provider,
      PaymentWorker worker,
      TransactionOperations transactions,
      PaymentProperties properties,
      MeterRegistry metrics) {
    this.store = store;
    this.payments = payments;
    this.transfers = transfers;
    this.books = books;
    this.provider = provider;
    this.worker = worker;
    this.properties = properties;
    this.metrics = metrics;
    this.work = new DueWork<>("reconciliations", 1, transactions, this);
    // There from the start, so that an alert sees the first.
    for (var kind : Difference.Kind.values()) {
      metrics.counter(DIFFERENCES, "kind", kind.label());
    }
    metrics.counter(DONE);
    metrics.counter(ORPHAN_VOIDED);
  }

  TimerLoop timer() {
    return work.timer();
  }

  /** Says that a comparison is asked for, once the surrounding transaction has committed. */
  void wakeUp() {
    work.wakeUp();
  }

  /** Every instance asks for the days that are over; one is the first. */
  @Scheduled(fixedDelayString = "PT1M", initialDelayString = "PT30S")
  void askForDaysThatAreOver() {
    if (properties.reconciliation().daily()) {
      var complete = completeUntil().atOffset(ZoneOffset.UTC);
      boolean isTime = !complete.toLocalTime().isBefore(properties.reconciliation().at());
      var lastOver = complete.toLocalDate().minusDays(isTime ? 1 : 2);
      for (var day : notAskedFor(store.newestDay().orElse(null), lastOver)) {
        if (store.insertDay(day)) {
          wakeUp();
        }
      }
    }
  }

  /**
   * The days up to {@code lastOver} that nobody was there to ask for; none from before the first.
   *
   * @param newest that was asked for; null if none was
   */
  static List<LocalDate> notAskedFor(@Nullable LocalDate newest, LocalDate lastOver) {
    var earliest = lastOver.minusDays(MOST_DAYS_ASKED - 1L);
    var first = newest == null ? lastOver : newest.plusDays(1);
    var from = first.isBefore(earliest) ? earliest : first;
    return from.isAfter(lastOver) ? List.of() : from.datesUntil(lastOver.plusDays(1)).toList();
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
  public Result call(Claim claim) {
    try {
      var found = new ArrayList<Difference>();
      long compared = 0;
      for (var from = claim.from(); from.isBefore(claim.to()); from = dayAfter(from, claim.to())) {
        for (var kind : Kind.values()) {
          compared += compare(kind, from, dayAfter(from, claim.to()), found);
        }
      }
      return new Result.Done(compared, found);
    } catch (ProviderUnavailable e) {
      return new Result.BrokenOff(String.valueOf(e.getMessage()));
    }
  }

  private static Instant dayAfter(Instant from, Instant end) {
    var next = from.plus(A_DAY);
    return next.isBefore(end) ? next : end;
  }

  @Override
  public void record(List<Answered<Claim, Result>> round) {
    for (var answered : round) {
      var claim = answered.claim();
      switch (answered.answer()) {
        case Result.Done(long compared, List<Difference> found) -> {
          if (store.finish(claim.id(), compared, found)) {
            AfterCommit.run(() -> report(claim, compared, found));
          }
        }
        case Result.BrokenOff(String why) -> {
          log.warn("reconciliation {}: {}", claim.id(), why);
          store.retry(claim.id(), why, PAUSES.after(claim.attempts()));
        }
      }
    }
  }

  private void report(Claim claim, long compared, List<Difference> found) {
    found.forEach(
        difference -> metrics.counter(DIFFERENCES, "kind", difference.kind().label()).increment());
    metrics.counter(DONE).increment();
    if (found.isEmpty()) {
      log.info("reconciliation {}: {} compared, no difference", claim.id(), compared);
    } else {
      log.error(
          "reconciliation {}: {} compared, {} differences; see GET /reconciliations/{}",
          claim.id(),
          compared,
          found.size(),
          claim.id());
    }
  }

  /** Returns how many of the provider's records there were. */
  private long compare(Kind kind, Instant from, Instant to, List<Difference> found) {
    var seen = new HashSet<String>();
    var page = new ArrayList<ProviderRecord>();
    var compared = new AtomicLong();
    books.list(
        kind,
        from.minus(ProviderRecord.CLOCKS_DIFFER),
        to.plus(ProviderRecord.CLOCKS_DIFFER),
        theirs -> {
          seen.add(theirs.id());
          if (!theirs.createdAt().isBefore(from) && theirs.createdAt().isBefore(to)) {
            compared.incrementAndGet();
            page.add(theirs);
          }
          if (page.size() == PAGE) {
            comparePage(kind, page, found);
            page.clear();
          }
        });
    comparePage(kind, page, found);
    missingThere(kind, from, to, seen, found);
    return compared.get();
  }

  private void comparePage(Kind kind, List<ProviderRecord> page, List<Difference> found) {
    var ids = page.stream().map(ProviderRecord::ourId).filter(Objects::nonNull).distinct().toList();
    Function<ProviderRecord, Optional<Difference>> difference;
    var transferKind = page.isEmpty() ? null : page.getFirst().transferKind();
    if (transferKind == null) {
      Map<UUID, Payment> ours =
          payments.loadAll(ids).stream()
              .collect(Collectors.toMap(payment -> payment.sagaId().value(), payment -> payment));
      difference = theirs -> Difference.between(theirs, byId(ours, theirs.ourId()));
    } else {
      Map<UUID, Transfer> ours =
          transfers.loadAll(transferKind, ids).stream()
              .collect(Collectors.toMap(Transfer::id, transfer -> transfer));
      difference = theirs -> Difference.between(theirs, byId(ours, theirs.ourId()));
    }
    for (var theirs : page) {
      difference.apply(theirs).flatMap(_ -> lookAgain(kind, theirs)).ifPresent(found::add);
    }
  }

  private static <T> @Nullable T byId(Map<UUID, T> ours, @Nullable UUID id) {
    return id == null ? null : ours.get(id);
  }

  /** Between the two readings something may have gone on: now ours is read first. */
  private Optional<Difference> lookAgain(Kind kind, ProviderRecord listed) {
    var id = listed.ourId();
    var transferKind = listed.transferKind();
    if (transferKind != null) {
      var ours = id == null ? null : transfers.load(transferKind, id).orElse(null);
      return Difference.between(read(kind, listed), ours);
    }
    var ours = id == null ? null : payments.loadAll(List.of(id)).stream().findFirst().orElse(null);
    var theirs = read(kind, listed);
    return Difference.between(theirs, ours)
        .map(difference -> ours == null ? difference : voidedIfOrphaned(difference, theirs, ours));
  }

  private ProviderRecord read(Kind kind, ProviderRecord listed) {
    return books
        .read(kind, listed.id())
        .orElseThrow(
            () ->
                new ProviderUnavailable(
                    "the provider lists %s, but has it not".formatted(listed.id())));
  }

  private Difference voidedIfOrphaned(Difference difference, ProviderRecord theirs, Payment ours) {
    if (difference.kind() != Difference.Kind.MISSING_HERE
        || theirs.status() != ProviderRecord.Status.HELD
        || theirs.createdAt().plus(properties.absenceCertainAfter()).isAfter(payments.now())) {
      return difference;
    }
    if (ours.isNews(theirs.status())) {
      return difference.withAction(
          worker.hear(theirs) instanceof Heard.Applied ? "taken in, to be voided" : "left alone");
    }
    var answer = provider.voidPayment(theirs.id(), "holdfast-orphan-" + theirs.id());
    if (answer instanceof ProviderAnswer.Voided) {
      metrics.counter(ORPHAN_VOIDED).increment();
      return difference.withAction("voided");
    }
    return difference.withAction("not voided: " + answer.label());
  }

  /** What was first sent in this time may have been made later: then it is found by its id. */
  private void missingThere(
      Kind kind, Instant from, Instant to, Set<String> seen, List<Difference> found) {
    sent(kind, from, to)
        .forEach(
            (id, providerId) -> {
              if (!seen.contains(providerId) && books.read(kind, providerId).isEmpty()) {
                found.add(Difference.missingThere(kind, id, providerId));
              }
            });
  }

  private Map<UUID, String> sent(Kind kind, Instant from, Instant to) {
    return switch (kind) {
      case PAYMENT -> payments.atProvider(from, to, SENT_LATER);
      case REFUND -> transfers.atProvider(TransferKind.REFUND, from, to, SENT_LATER);
      case PAYOUT -> transfers.atProvider(TransferKind.PAYOUT, from, to, SENT_LATER);
      case TOP_UP -> transfers.atProvider(TransferKind.TOP_UP, from, to, SENT_LATER);
    };
  }

  /**
   * Everything that was made before this moment is in the provider's books, and here: who was
   * asking for it has its answer, or has lost its claim.
   */
  Instant completeUntil() {
    return payments.now().minus(properties.lease()).minus(ProviderRecord.CLOCKS_DIFFER);
  }

  @Override
  public void close() {
    work.close();
  }
}
