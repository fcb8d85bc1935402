package io.holdfast.order;

import io.holdfast.messaging.Outbox;
import io.holdfast.messaging.TimerLoop;
import io.holdfast.order.OrderStore.Noted;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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

  /** Without effect on orders that have ended, are unknown, or are being cancelled already. */
  void request(Collection<UUID> orderIds, @Nullable UUID customerId) {
    var requested =
        transactions.execute(
            _ -> {
              var noted = orders.requestCancel(orderIds, customerId, resendAfter);
              if (!noted.isEmpty()) {
                outbox.append(
                    noted.stream()
                        .map(
                            order -> SagaRequests.cancel(order.progress().orderId(), order.trace()))
                        .toList());
              }
              return noted;
            });
    if (!requested.isEmpty()) {
      metrics.counter("orders.cancel.requested").increment(requested.size());
      resendTimer.wakeUpIn(resendAfter);
      watch.tell(requested.stream().map(Noted::progress).toList());
    }
  }

  /**
   * Asks for all of them at once.
   *
   * @return how those stand that are this customer's
   */
  Map<UUID, OrderState> requestAll(Collection<UUID> orderIds, @Nullable UUID customerId) {
    request(orderIds, customerId);
    var states = new HashMap<UUID, OrderState>();
    for (var order : orders.loadProgress(List.copyOf(orderIds), customerId)) {
      states.put(order.orderId(), order.state());
      countIfTooLate(order.state());
    }
    return states;
  }

  /** Counts a wish that came when the order was confirmed. */
  void countIfTooLate(OrderState state) {
    if (state == OrderState.CONFIRMED) {
      metrics.counter("orders.cancel.too.late").increment();
    }
  }
}
