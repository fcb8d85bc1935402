package io.holdfast.payment;

import io.holdfast.messaging.TimerLoop;
import io.holdfast.payment.WebhookStore.Claim;
import io.holdfast.payment.WebhookStore.End;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.scheduling.annotation.Scheduled;

/**
 * Handles the provider's notifications from their rows. A notification is only a hint that
 * something has changed: it is compared with what is known, and what counts is what the provider
 * says when it is asked.
 */
class WebhookWorker implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(WebhookWorker.class);
  private static final int PARALLEL = 8;

  private final WebhookStore store;
  private final PaymentWorker payments;
  private final TransferWorker transfers;
  private final Duration keptFor;
  private final Pauses pauses;
  private final MeterRegistry metrics;
  private final DueWork<Claim> work;

  WebhookWorker(
      WebhookStore store,
      PaymentWorker payments,
      TransferWorker transfers,
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
    this.work = new DueWork<>("webhooks", PARALLEL, store, this::handle);
  }

  TimerLoop timer() {
    return work.timer();
  }

  /** Says that an event is due. Call it after the commit that stored it. */
  void wakeUp() {
    work.wakeUp();
  }

  private void handle(Claim claim) {
    var event = claim.event();
    var record = event.about();
    if (record.isEmpty()) {
      end(claim, End.IGNORED, "it is about no movement of money");
      return;
    }
    var told = record.get();
    var kind = told.transferKind();
    switch (kind == null ? payments.hear(told) : transfers.hear(kind, told)) {
      case Heard.Applied(String detail) -> end(claim, End.APPLIED, detail);
      case Heard.Stale(String detail) -> end(claim, End.STALE, detail);
      case Heard.Unmatched(String detail) -> end(claim, End.UNMATCHED, detail);
      case Heard.Refused(String detail) -> end(claim, End.REFUSED, detail);
      case Heard.Later(String detail) -> store.retry(event, detail, pauses.after(claim.attempts()));
    }
  }

  private void end(Claim claim, End end, String detail) {
    var event = claim.event();
    if (!store.end(event, end, detail)) {
      return;
    }
    metrics.counter("payment.webhook.handled", "outcome", end.label()).increment();
    switch (end) {
      case REFUSED ->
          log.error("notification {} ({}) is refused: {}", event.id(), event.type(), detail);
      case UNMATCHED -> log.warn("notification {} ({}): {}", event.id(), event.type(), detail);
      case APPLIED, STALE, IGNORED ->
          log.debug("notification {} ({}): {} {}", event.id(), event.type(), end, detail);
    }
  }

  @Scheduled(fixedDelayString = "PT10M", initialDelayString = "PT1M")
  void forget() {
    int forgotten = store.deleteOlderThan(keptFor);
    if (forgotten > 0) {
      log.debug("{} old notifications are forgotten", forgotten);
    }
  }

  @Override
  public void close() {
    work.close();
  }
}
