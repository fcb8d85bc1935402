package io.holdfast.order;

import static java.util.Objects.requireNonNull;

import io.holdfast.contracts.Code;
import io.holdfast.contracts.Reason;
import io.holdfast.contracts.saga.FulfilOrder;
import io.holdfast.contracts.saga.SagaEnded;
import io.holdfast.messaging.AfterCommit;
import io.holdfast.messaging.Json;
import io.holdfast.messaging.Outbox;
import io.holdfast.messaging.RedoBatch;
import io.holdfast.messaging.TimerLoop;
import io.holdfast.messaging.TraceParent;
import io.holdfast.messaging.UuidV7;
import io.holdfast.order.OrderStore.End;
import io.holdfast.order.OrderStore.FulfilmentEnd;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Starts the sagas that send what was bought, in the transactions that confirm the orders, and ends
 * them. An order whose goods can't be sent is due at once: its timer pays it back.
 */
final class FulfilmentDesk {

  private static final Reason SHIPPED = Reason.of(Code.SHIPPED, "the goods are on their way");

  private final boolean enabled;
  private final Duration resendAfter;
  private final OrderStore orders;
  private final Outbox outbox;
  private final TimerLoop resendTimer;
  private final MeterRegistry metrics;

  /**
   * @param enabled false: confirmed orders stay where they are
   */
  FulfilmentDesk(
      boolean enabled,
      Duration resendAfter,
      OrderStore orders,
      Outbox outbox,
      TimerLoop resendTimer,
      MeterRegistry metrics) {
    this.enabled = enabled;
    this.resendAfter = resendAfter;
    this.orders = orders;
    this.outbox = outbox;
    this.resendTimer = resendTimer;
    this.metrics = metrics;
  }

  /** A new saga for an order that is confirmed; null if nothing is sent. */
  @Nullable UUID newSaga() {
    return enabled ? UuidV7.next() : null;
  }

  /** When the start of a saga is sent again that nobody has answered. */
  Duration resendAfter() {
    return resendAfter;
  }

  /**
   * Starts the sagas that were stored with the ends of their orders: two statements. Where nothing
   * but services was bought, none was.
   */
  void begin(List<End> ends, List<OrderProgress> ended, Map<UUID, TraceParent> traces) {
    var fulfilling =
        ended.stream()
            .filter(order -> order.fulfilment() == Fulfilment.FULFILLING)
            .map(OrderProgress::orderId)
            .collect(Collectors.toSet());
    if (fulfilling.isEmpty()) {
      return;
    }
    var begun = ends.stream().filter(end -> fulfilling.contains(end.orderId())).toList();
    var lines = orders.loadLines(fulfilling);
    outbox.append(
        begun.stream()
            .map(
                end ->
                    SagaRequests.fulfil(
                        requireNonNull(end.fulfilmentId()),
                        new FulfilOrder(
                            end.orderId(),
                            OrderLine.goods(requireNonNull(lines.get(end.orderId())))),
                        requireNonNull(traces.get(end.orderId()))))
            .toList());
    AfterCommit.run(
        () -> {
          metrics.counter("orders.fulfilment.started").increment(begun.size());
          resendTimer.wakeUpIn(resendAfter);
        });
  }

  static FulfilmentEnd end(UUID orderId, SagaEnded ended) {
    return switch (ended.outcome()) {
      case CONFIRMED ->
          new FulfilmentEnd(orderId, Fulfilment.SHIPPED, SHIPPED, trackingCode(ended.result()));
      case CANCELLED ->
          new FulfilmentEnd(
              orderId,
              Fulfilment.FAILED,
              Reason.of(
                  Code.FULFILMENT_FAILED,
                  ended.reason() == null ? "the goods could not be sent" : ended.reason().detail()),
              null);
    };
  }

  private static @Nullable String trackingCode(@Nullable String result) {
    return result == null ? null : Json.read(result, FulfilOrder.Shipped.class).trackingCode();
  }

  /** Ends fulfilments that are under way; their orders are locked. */
  void end(List<FulfilmentEnd> ends) {
    RedoBatch.unlessAll("fulfilments ended", orders.endFulfilments(ends), ends.size());
    AfterCommit.run(
        () -> {
          for (var end : ends) {
            metrics
                .counter("orders.fulfilment.ended", "state", end.fulfilment().name())
                .increment();
          }
          resendTimer.wakeUpIn(Duration.ZERO);
        });
  }
}
