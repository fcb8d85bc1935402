package io.holdfast.order;

import io.holdfast.contracts.Code;
import io.holdfast.contracts.Reason;
import io.holdfast.contracts.saga.SagaEnded;
import io.holdfast.messaging.AfterCommit;
import io.holdfast.order.OrderStore.LineChange;
import io.holdfast.order.OrderStore.RefundEnd;
import io.holdfast.order.RefundStore.End;
import io.holdfast.order.RefundStore.Ended;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Ends refunds whose sagas have ended, and tells their orders. */
final class RefundEnds {

  private static final Logger log = LoggerFactory.getLogger(RefundEnds.class);
  private static final Reason REFUNDED = Reason.of(Code.REFUNDED, "the money was paid back");
  private static final Reason UNSPECIFIED =
      Reason.of(Code.UNSPECIFIED, "the refund was refused without a reason");

  private final RefundStore refunds;
  private final OrderStore orders;
  private final MeterRegistry metrics;

  RefundEnds(RefundStore refunds, OrderStore orders, MeterRegistry metrics) {
    this.refunds = refunds;
    this.orders = orders;
    this.metrics = metrics;
  }

  Map<UUID, UUID> ordersOf(Collection<UUID> refundIds) {
    return refunds.ordersOf(refundIds);
  }

  /** Why nothing was paid back; null if the money is back. */
  static @Nullable Reason failure(SagaEnded saga) {
    return switch (saga.outcome()) {
      case CONFIRMED -> null;
      case CANCELLED -> saga.reason() == null ? UNSPECIFIED : saga.reason();
    };
  }

  /**
   * Ends those that are pending; the orders of all are locked.
   *
   * @return how the orders stand now
   */
  List<OrderProgress> end(List<End> ends) {
    var ended = refunds.end(ends);
    if (ended.size() < ends.size()) {
      reportContradictions(ends);
    }
    if (ended.isEmpty()) {
      return List.of();
    }
    giveBackPieces(ended.stream().filter(refund -> refund.state() == RefundState.FAILED).toList());
    var reasons = ends.stream().filter(end -> end.failure() != null).toList();
    AfterCommit.run(() -> count(ended));
    return orders.refundsEnd(ended.stream().map(refund -> forOrder(refund, reasons)).toList());
  }

  private void giveBackPieces(List<Ended> failed) {
    if (failed.isEmpty()) {
      return;
    }
    var lines = refunds.loadLines(failed.stream().map(Ended::refundId).toList());
    var changes = new ArrayList<LineChange>();
    for (var refund : failed) {
      for (var line : lines.getOrDefault(refund.refundId(), List.of())) {
        changes.add(new LineChange(refund.orderId(), line.line(), -line.quantity()));
      }
    }
    orders.changeRefunded(changes);
  }

  private static RefundEnd forOrder(Ended refund, List<End> failed) {
    for (var end : failed) {
      if (end.refundId().equals(refund.refundId()) && end.failure() != null) {
        return new RefundEnd(
            refund.orderId(), 0, Reason.of(Code.REFUND_FAILED, end.failure().detail()));
      }
    }
    return new RefundEnd(refund.orderId(), refund.paidMinor(), REFUNDED);
  }

  private void reportContradictions(List<End> ends) {
    var states = refunds.states(ends.stream().map(End::refundId).toList());
    for (var end : ends) {
      var state = states.get(end.refundId());
      if (state != end.state()) {
        log.error(
            "refund {} is {} and stays so, but its saga is said to have ended {}: look into both",
            end.refundId(),
            state,
            end.state());
        metrics.counter("orders.contradictions").increment();
      }
    }
  }

  private void count(List<Ended> ended) {
    for (var refund : ended) {
      metrics.timer("orders.refund.duration", "state", refund.state().name()).record(refund.took());
      if (refund.state() == RefundState.FAILED) {
        log.warn("refund {} of order {} failed", refund.refundId(), refund.orderId());
      }
    }
  }
}
