package io.holdfast.order;

import static java.util.Objects.requireNonNull;

import io.holdfast.contracts.saga.FulfilOrder;
import io.holdfast.contracts.saga.PlaceOrder;
import io.holdfast.messaging.AfterCommit;
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
 * Sends the start of a saga again, what a reviewer said about it and the wish to cancel it, until
 * somebody says how the saga ended: whoever waits re-sends. Same saga, new message, so that no
 * inbox swallows it. Four statements whatever the size of the batch: claim, lines, outbox, next due
 * time.
 *
 * <p>Orders whose goods can't be sent are due, too, until all of them is paid back: a refund is
 * begun where none is under way.
 */
final class ResendHandler implements TimerLoop.DueRows {

  private static final Logger log = LoggerFactory.getLogger(ResendHandler.class);

  private final OrderStore orders;
  private final RefundDesk refunds;
  private final Outbox outbox;
  private final TransactionOperations transactions;
  private final OrderProperties.Resend settings;
  private final MeterRegistry metrics;

  ResendHandler(
      OrderStore orders,
      RefundDesk refunds,
      Outbox outbox,
      TransactionOperations transactions,
      OrderProperties.Resend settings,
      MeterRegistry metrics) {
    this.orders = orders;
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
    var due = orders.claimDue(settings);
    var open = due.stream().filter(order -> order.fulfilment() != Fulfilment.FAILED).toList();
    if (!open.isEmpty()) {
      resend(open);
    }
    due.stream().filter(order -> order.fulfilment() == Fulfilment.FAILED).forEach(this::payBack);
    return due.size() == settings.maxBatch()
        ? Duration.ZERO
        : orders.untilNextDue().orElse(TimerLoop.LONGEST_SLEEP);
  }

  private void resend(List<Due> due) {
    var lines = orders.loadLines(due.stream().map(Due::orderId).toList());
    var messages = new ArrayList<Outgoing>(due.size());
    for (var order : due) {
      var bought = requireNonNull(lines.get(order.orderId()));
      if (order.state() == OrderState.PENDING) {
        addPlacement(order, bought, messages);
      } else {
        messages.add(
            SagaRequests.fulfil(
                requireNonNull(order.fulfilmentId()),
                new FulfilOrder(order.orderId(), OrderLine.goods(bought)),
                order.trace()));
      }
    }
    outbox.append(messages);
    AfterCommit.run(
        () -> {
          log.info("the starts of {} sagas were sent again", due.size());
          metrics.counter("orders.resent").increment(due.size());
        });
  }

  private static void addPlacement(Due order, List<OrderLine> lines, List<Outgoing> messages) {
    messages.add(SagaRequests.start(order.orderId(), input(order, lines), order.trace()));
    switch (order.approval()) {
      case APPROVED -> messages.add(SagaRequests.approved(order.orderId(), order.trace()));
      case REJECTED ->
          messages.add(
              SagaRequests.rejected(
                  order.orderId(), requireNonNull(order.reviewReason()), order.trace()));
      case AWAITING, LAPSED -> {}
      case null -> {}
    }
    if (order.cancelRequested()) {
      messages.add(SagaRequests.cancel(order.orderId(), order.trace()));
    }
  }

  private static PlaceOrder input(Due order, List<OrderLine> lines) {
    return new PlaceOrder(
        order.customerId(),
        OrderLine.goods(lines),
        order.totalMinor(),
        order.currency(),
        order.paymentMethod(),
        order.voucherCode(),
        OrderLine.metered(lines),
        order.approval() != null);
  }

  /** A refund that is under way may still fail: then the order is due again. */
  private void payBack(Due order) {
    switch (refunds.payBackUnsent(order.orderId(), order.trace())) {
      case RefundOutcome.Begun _ ->
          AfterCommit.run(() -> metrics.counter("orders.fulfilment.refunded").increment());
      case RefundOutcome.AnotherPending _ ->
          log.debug("order {} waits for a refund that is under way", order.orderId());
      case RefundOutcome.SplitUnknown _,
          RefundOutcome.Refused _,
          RefundOutcome.NotConfirmed _,
          RefundOutcome.NotSentYet _,
          RefundOutcome.UnknownOrder _,
          RefundOutcome.Existing _,
          RefundOutcome.KeyReused _ -> {
        log.error(
            "order {} could not be sent and cannot be paid back: look into it", order.orderId());
        AfterCommit.run(() -> metrics.counter("orders.fulfilment.stuck").increment());
      }
    }
  }
}
