package io.holdfast.order;

import io.holdfast.messaging.Outbox;
import io.holdfast.messaging.TimerLoop;
import io.holdfast.order.OrderStore.Review;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.List;
import org.springframework.transaction.support.TransactionOperations;

/**
 * Records what a reviewer decides, and tells the saga, in one transaction. The first decision
 * stays; it is sent again with the saga's start until the saga has ended.
 */
final class ReviewDesk {

  private final OrderStore orders;
  private final Outbox outbox;
  private final TransactionOperations transactions;
  private final TimerLoop resendTimer;
  private final Duration resendAfter;
  private final OrderWatch watch;
  private final MeterRegistry metrics;

  ReviewDesk(
      OrderStore orders,
      Outbox outbox,
      TransactionOperations transactions,
      TimerLoop resendTimer,
      Duration resendAfter,
      OrderWatch watch,
      MeterRegistry metrics) {
    this.orders = orders;
    this.outbox = outbox;
    this.transactions = transactions;
    this.resendTimer = resendTimer;
    this.resendAfter = resendAfter;
    this.watch = watch;
    this.metrics = metrics;
  }

  /**
   * @return false if the order does not await approval, or no longer
   */
  boolean decide(Review review) {
    var decided =
        transactions.execute(
            _ -> {
              var order = orders.review(review, resendAfter);
              order.ifPresent(
                  noted ->
                      outbox.append(
                          List.of(
                              review.reason() == null
                                  ? SagaRequests.approved(review.orderId(), noted.trace())
                                  : SagaRequests.rejected(
                                      review.orderId(), review.reason(), noted.trace()))));
              return order;
            });
    decided.ifPresent(
        noted -> {
          metrics
              .counter("orders.approval.decided", "decision", review.approval().name())
              .increment();
          resendTimer.wakeUpIn(resendAfter);
          watch.tell(List.of(noted.progress()));
        });
    return decided.isPresent();
  }
}
