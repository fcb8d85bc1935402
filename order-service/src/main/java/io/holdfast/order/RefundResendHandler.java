package io.holdfast.order;

import io.holdfast.messaging.Outbox;
import io.holdfast.messaging.TimerLoop;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
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
    int resent = transactions.execute(_ -> resend());
    if (resent > 0) {
      log.info("the starts of {} refunds were sent again", resent);
      metrics.counter("orders.refund.resent").increment(resent);
    }
    return resent == settings.maxBatch()
        ? Duration.ZERO
        : refunds.untilNextDue().orElse(TimerLoop.LONGEST_SLEEP);
  }

  private int resend() {
    var due = refunds.claimDue(settings);
    if (!due.isEmpty()) {
      outbox.append(
          due.stream().map(refund -> SagaRequests.refund(refund.input(), refund.trace())).toList());
    }
    return due.size();
  }
}
