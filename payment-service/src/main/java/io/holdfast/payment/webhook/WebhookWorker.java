package io.holdfast.payment.webhook;

import io.holdfast.messaging.AfterCommit;
import io.holdfast.messaging.DueWork;
import io.holdfast.messaging.DueWork.Answered;
import io.holdfast.messaging.Pauses;
import io.holdfast.messaging.TimerLoop;
import io.holdfast.payment.PaymentProperties;
import io.holdfast.payment.card.PaymentWorker;
import io.holdfast.payment.provider.Heard;
import io.holdfast.payment.transfer.TransferWorker;
import io.holdfast.payment.webhook.WebhookStore.Claim;
import io.holdfast.payment.webhook.WebhookStore.End;
import io.holdfast.payment.webhook.WebhookStore.Ended;
import io.holdfast.payment.webhook.WebhookStore.Postponed;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.transaction.support.TransactionOperations;

/**
 * Handles the provider's notifications from their rows. A notification is only a hint that
 * something has changed: it is compared with what is known, and what counts is what the provider
 * says when it is asked.
 */
class WebhookWorker implements DueWork.Work<Claim, Heard>, AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(WebhookWorker.class);
  private static final int PARALLEL = 8;

  private final WebhookStore store;
  private final PaymentWorker payments;
  private final TransferWorker transfers;
  private final Duration keptFor;
  private final Pauses pauses;
  private final MeterRegistry metrics;
  private final DueWork<Claim, Heard> work;

  WebhookWorker(
      WebhookStore store,
      PaymentWorker payments,
      TransferWorker transfers,
      TransactionOperations transactions,
      PaymentProperties properties,
      MeterRegistry metrics) {
    this.store = store;
    this.payments = payments;
    this.transfers = transfers;
    this.keptFor = properties.webhook().keptFor();
    this.pauses = new Pauses(properties.firstRetryAfter(), properties.lastRetryAfter());
    this.metrics = metrics;
    for (var end : End.values()) {
      metrics.counter("payment.webhook.handled", "outcome", end.label());
    }
    this.work = new DueWork<>("webhooks", PARALLEL, transactions, this);
  }

  TimerLoop timer() {
    return work.timer();
  }

  /** Says that an event is due, once the surrounding transaction has committed. */
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
  public Heard call(Claim claim) {
    var record = claim.event().about();
    if (record.isEmpty()) {
      return new Heard.Ignored("it is about no movement of money");
    }
    var told = record.get();
    var kind = told.transferKind();
    return kind == null ? payments.hear(told) : transfers.hear(kind, told);
  }

  @Override
  public void record(List<Answered<Claim, Heard>> round) {
    var handled = new ArrayList<Ended>();
    var postponed = new ArrayList<Postponed>();
    for (var answered : round) {
      var claim = answered.claim();
      var event = claim.event();
      switch (answered.answer()) {
        case Heard.Applied(String detail) -> handled.add(new Ended(event, End.APPLIED, detail));
        case Heard.Stale(String detail) -> handled.add(new Ended(event, End.STALE, detail));
        case Heard.Ignored(String detail) -> handled.add(new Ended(event, End.IGNORED, detail));
        case Heard.Unmatched(String detail) -> handled.add(new Ended(event, End.UNMATCHED, detail));
        case Heard.Refused(String detail) -> handled.add(new Ended(event, End.REFUSED, detail));
        case Heard.Later(String detail) ->
            postponed.add(new Postponed(event, detail, pauses.after(claim.attempts())));
      }
    }
    store.retry(postponed);
    var ended = store.end(handled);
    AfterCommit.run(
        () ->
            handled.stream().filter(end -> ended.contains(end.event().id())).forEach(this::report));
  }

  private void report(Ended ended) {
    metrics.counter("payment.webhook.handled", "outcome", ended.end().label()).increment();
    var event = ended.event();
    switch (ended.end()) {
      case REFUSED ->
          log.error(
              "notification {} ({}) is refused: {}", event.id(), event.type(), ended.detail());
      case UNMATCHED ->
          log.warn("notification {} ({}): {}", event.id(), event.type(), ended.detail());
      case APPLIED, STALE, IGNORED ->
          log.debug(
              "notification {} ({}): {} {}", event.id(), event.type(), ended.end(), ended.detail());
    }
  }

  @Scheduled(fixedDelayString = "PT10M", initialDelayString = "PT1M")
  void forget() {
    int forgotten;
    do {
      forgotten = store.deleteOlderThan(keptFor);
      log.debug("{} old notifications are forgotten", forgotten);
    } while (forgotten == WebhookStore.DELETED_AT_ONCE);
  }

  @Override
  public void close() {
    work.close();
  }
}
