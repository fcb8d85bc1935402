package io.holdfast.order;

import io.holdfast.messaging.AfterCommit;
import io.holdfast.messaging.Outbox;
import io.holdfast.messaging.TimerLoop;
import io.holdfast.order.RefundStore.Due;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.transaction.support.TransactionOperations;

/** Sends the start of a refund's saga again until somebody says how it ended. */
final class RefundResendHandler implements TimerLoop.DueRows {

  private static final Logger log = LoggerFactory.getLogger(RefundResendHandler.class);

  private final RefundStore refunds;
  private final Outbox outbox;
  private final TransactionOperations transactions;
  private final OrderProperties.Resend settings;
  private final MeterRegistry metrics;

  RefundResendHandler(
      RefundStore refunds,
      Outbox outbox,
      TransactionOperations transactions,
      OrderProperties.Resend settings,
      MeterRegistry metrics) {
    this.refunds = refunds;
    this.outbox = outbox;
    this.transactions = transactions;
    this.settings = settings;
    this.metrics = metrics;
  }

  @Override
  public Duration handleBatch() {
    return transactions.execute(_ -> handleDue());
  }

  private Duration handleDue() {
    var due = refunds.claimDue(settings);
    if (!due.isEmpty()) {
      resend(due);
    }
    return due.size() == settings.maxBatch()
        ? Duration.ZERO
        : refunds.untilNextDue().orElse(TimerLoop.LONGEST_SLEEP);
  }

  private void resend(List<Due> due) {
    outbox.append(
        due.stream().map(refund -> SagaRequests.refund(refund.input(), refund.trace())).toList());
    AfterCommit.run(
        () -> {
          log.info("the starts of {} refunds were sent again", due.size());
          metrics.counter("orders.refund.resent").increment(due.size());
        });
  }
}
