package io.holdfast.order;

import static java.util.Objects.requireNonNull;

import io.holdfast.contracts.saga.PlaceOrder;
import io.holdfast.contracts.saga.PlaceOrder.Paid;
import io.holdfast.contracts.saga.RefundOrder;
import io.holdfast.messaging.Outbox;
import io.holdfast.messaging.TimerLoop;
import io.holdfast.messaging.TraceParent;
import io.holdfast.messaging.UuidV7;
import io.holdfast.order.OrderStore.LineChange;
import io.holdfast.order.OrderStore.Payable;
import io.holdfast.order.RefundOutcome.AnotherPending;
import io.holdfast.order.RefundOutcome.Begun;
import io.holdfast.order.RefundOutcome.Existing;
import io.holdfast.order.RefundOutcome.KeyReused;
import io.holdfast.order.RefundOutcome.NotConfirmed;
import io.holdfast.order.RefundOutcome.NotSentYet;
import io.holdfast.order.RefundOutcome.Refused;
import io.holdfast.order.RefundOutcome.SplitUnknown;
import io.holdfast.order.RefundOutcome.UnknownOrder;
import io.holdfast.order.RefundStore.Beginning;
import io.holdfast.order.RefundStore.Request;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.transaction.support.TransactionOperations;

/**
 * Begins refunds: the refund, its lines, the order's note of it and the message that starts its
 * saga are one transaction. The lock on the order's row makes requests for one order take turns.
 */
final class RefundDesk {

  private final OrderStore orders;
  private final RefundStore refunds;
  private final Outbox outbox;
  private final TransactionOperations transactions;
  private final TimerLoop resendTimer;
  private final Duration resendAfter;
  private final MeterRegistry metrics;

  RefundDesk(
      OrderStore orders,
      RefundStore refunds,
      Outbox outbox,
      TransactionOperations transactions,
      TimerLoop resendTimer,
      Duration resendAfter,
      MeterRegistry metrics) {
    this.orders = orders;
    this.refunds = refunds;
    this.outbox = outbox;
    this.transactions = transactions;
    this.resendTimer = resendTimer;
    this.resendAfter = resendAfter;
    this.metrics = metrics;
  }

  /**
   * What is asked for.
   *
   * @param lines null: all that has not been paid back
   */
  record Asked(
      UUID orderId,
      @Nullable UUID customerId,
      @Nullable List<Refunding.Line> lines,
      boolean returned,
      String reason,
      String key,
      TraceParent trace) {

    byte[] hash() {
      var hash = new RequestHash().with(Boolean.toString(returned)).with(reason);
      if (lines != null) {
        lines.forEach(line -> hash.with(line.line()).with(line.quantity()));
      }
      return hash.bytes();
    }
  }

  RefundOutcome request(Asked asked) {
    var outcome = transactions.execute(_ -> requestInTransaction(asked));
    metrics
        .counter("orders.refund.requests", "outcome", outcome.getClass().getSimpleName())
        .increment();
    if (outcome instanceof Begun) {
      resendTimer.wakeUpIn(resendAfter);
    }
    return outcome;
  }

  private RefundOutcome requestInTransaction(Asked asked) {
    var order = orders.lockPayable(asked.orderId(), asked.customerId()).orElse(null);
    if (order == null) {
      return new UnknownOrder();
    }
    byte[] hash = asked.hash();
    var known = refunds.findByKey(asked.orderId(), asked.key()).orElse(null);
    if (known != null) {
      return Arrays.equals(known.requestHash(), hash)
          ? new Existing(known.refundId())
          : new KeyReused();
    }
    return begin(
        order,
        asked.lines(),
        asked.returned(),
        asked.reason(),
        new Request(asked.key(), hash),
        asked.trace());
  }

  /**
   * Begins, in the surrounding transaction, to pay back all that is left of an order whose goods
   * can't be sent.
   */
  RefundOutcome payBackUnsent(UUID orderId, TraceParent trace) {
    var order = orders.lockPayable(orderId, null).orElse(null);
    return order == null
        ? new UnknownOrder()
        : begin(order, null, true, "the goods could not be sent", null, trace);
  }

  private RefundOutcome begin(
      Payable order,
      @Nullable List<Refunding.Line> lines,
      boolean returned,
      String reason,
      @Nullable Request request,
      TraceParent trace) {
    if (order.state() != OrderState.CONFIRMED) {
      return new NotConfirmed(order.state());
    }
    // A parcel is not called back: what comes back before it has left would leave after all.
    if (order.fulfilment() == Fulfilment.FULFILLING) {
      return new NotSentYet();
    }
    // What could not be sent is in the house, whatever is asked.
    boolean comesBack = returned || order.fulfilment() == Fulfilment.FAILED;
    var sum = refunds.sum(order.orderId());
    if (sum.pending()) {
      return new AnotherPending();
    }
    var bought = orders.loadBought(order.orderId());
    var paid = paid(order, bought);
    if (paid == null) {
      return new SplitUnknown();
    }
    return switch (Refunding.of(bought, paid, sum.paidBack(), lines)) {
      case Refunding.Refused why -> new Refused(why);
      case Refunding.Pays pays -> {
        var refund =
            new Beginning(UuidV7.next(), order.orderId(), pays, comesBack, reason, request, trace);
        refunds.insert(refund, resendAfter);
        orders.changeRefunded(changes(refund));
        orders.refundBegins(order.orderId(), reason);
        outbox.append(List.of(SagaRequests.refund(input(order, refund, bought), trace)));
        yield new Begun(refund.refundId());
      }
    };
  }

  /** Where neither card nor voucher nor free quota can have taken part, the wallet has paid all. */
  private static @Nullable Paid paid(Payable order, List<Refunding.Bought> bought) {
    if (order.paid() != null) {
      return order.paid();
    }
    return order.paymentMethod() == null
            && order.voucherCode() == null
            && bought.stream().noneMatch(Refunding.Bought::service)
        ? new Paid(order.totalMinor(), 0)
        : null;
  }

  private static List<LineChange> changes(Beginning refund) {
    return refund.pays().lines().stream()
        .map(line -> new LineChange(refund.orderId(), line.line(), line.quantity()))
        .toList();
  }

  private static RefundOrder input(Payable order, Beginning refund, List<Refunding.Bought> bought) {
    var goods =
        bought.stream()
            .filter(line -> !line.service())
            .collect(Collectors.toMap(Refunding.Bought::line, Refunding.Bought::sku));
    List<PlaceOrder.Line> returned =
        refund.returned()
            ? refund.pays().lines().stream()
                .filter(line -> goods.containsKey(line.line()))
                .sorted((one, other) -> Integer.compare(one.line(), other.line()))
                .map(
                    line ->
                        new PlaceOrder.Line(
                            requireNonNull(goods.get(line.line())), line.quantity()))
                .toList()
            : List.of();
    return new RefundOrder(
        order.orderId(),
        refund.refundId(),
        order.customerId(),
        refund.pays().walletMinor(),
        refund.pays().cardMinor(),
        order.currency(),
        returned);
  }
}
