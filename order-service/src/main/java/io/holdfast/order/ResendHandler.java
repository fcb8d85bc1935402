package io.holdfast.order;

import static java.util.Objects.requireNonNull;

import io.holdfast.contracts.saga.PlaceOrder;
import io.holdfast.messaging.Outbox;
import io.holdfast.messaging.Outbox.Outgoing;
import io.holdfast.messaging.TimerLoop;
import io.holdfast.order.OrderStore.Due;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.transaction.support.TransactionOperations;

/**
 * Sends the start of a saga again, and the wish to cancel it, until somebody says how the saga
 * ended: whoever waits re-sends. Same saga, new message, so that no inbox swallows it. Four
 * statements whatever the size of the batch: claim, lines, outbox, next due time.
 */
final class ResendHandler implements TimerLoop.DueRows {

  private static final Logger log = LoggerFactory.getLogger(ResendHandler.class);

  private final OrderStore orders;
  private final Outbox outbox;
  private final TransactionOperations transactions;
  private final OrderProperties.Resend settings;
  private final MeterRegistry metrics;

  ResendHandler(
      OrderStore orders,
      Outbox outbox,
      TransactionOperations transactions,
      OrderProperties.Resend settings,
      MeterRegistry metrics) {
    this.orders = orders;
    this.outbox = outbox;
    this.transactions = transactions;
    this.settings = settings;
    this.metrics = metrics;
  }

  @Override
  public Duration handleBatch() {
    int resent = transactions.execute(_ -> resend());
    if (resent > 0) {
      log.info("the starts of {} sagas were sent again", resent);
      metrics.counter("orders.resent").increment(resent);
    }
    return resent == settings.maxBatch()
        ? Duration.ZERO
        : orders.untilNextDue().orElse(TimerLoop.LONGEST_SLEEP);
  }

  private int resend() {
    var due = orders.claimDue(settings.maxBatch(), settings.firstAfter(), settings.longestPause());
    if (due.isEmpty()) {
      return 0;
    }
    var lines = orders.loadLines(due.stream().map(Due::orderId).toList());
    var messages = new ArrayList<Outgoing>(due.size());
    for (var order : due) {
      messages.add(
          SagaRequests.start(
              order.orderId(),
              input(order, requireNonNull(lines.get(order.orderId()))),
              order.trace()));
      if (order.cancelRequested()) {
        messages.add(SagaRequests.cancel(order.orderId(), order.trace()));
      }
    }
    outbox.append(messages);
    return due.size();
  }

  private static PlaceOrder input(Due order, List<PlaceOrder.Line> lines) {
    return new PlaceOrder(
        order.customerId(), lines, order.totalMinor(), order.currency(), order.paymentMethod());
  }
}
