package io.holdfast.order;

import io.holdfast.messaging.Outbox;
import io.holdfast.messaging.TimerLoop;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.transaction.support.TransactionOperations;

/**
 * Passes a customer's wish to cancel on to the saga, once. Whether it comes in time, only the saga
 * can say.
 */
final class CancelHandler {

  private final OrderStore orders;
  private final Outbox outbox;
  private final TransactionOperations transactions;
  private final TimerLoop resendTimer;
  private final Duration resendAfter;
  private final OrderWatch watch;
  private final MeterRegistry metrics;

  CancelHandler(
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

  /** Without effect on an order that has ended, is unknown, or is being cancelled already. */
  void request(UUID orderId, @Nullable UUID customerId) {
    var requested =
        transactions.execute(
            _ -> {
              var order = orders.requestCancel(orderId, customerId, resendAfter);
              order.ifPresent(
                  asked -> outbox.append(List.of(SagaRequests.cancel(orderId, asked.trace()))));
              return order;
            });
    requested.ifPresent(
        asked -> {
          metrics.counter("orders.cancel.requested").increment();
          resendTimer.wakeUpIn(resendAfter);
          watch.tell(List.of(asked.progress()));
        });
  }
}
