package io.holdfast.order;

import io.holdfast.contracts.Code;
import io.holdfast.contracts.Reason;
import io.holdfast.contracts.saga.FulfilOrder;
import io.holdfast.contracts.saga.PlaceOrder;
import io.holdfast.contracts.saga.PlaceOrder.Paid;
import io.holdfast.contracts.saga.RefundOrder;
import io.holdfast.contracts.saga.SagaContract;
import io.holdfast.contracts.saga.SagaEnded;
import io.holdfast.messaging.AfterCommit;
import io.holdfast.messaging.BatchHandler;
import io.holdfast.messaging.Envelope;
import io.holdfast.messaging.Json;
import io.holdfast.messaging.RedoBatch;
import io.holdfast.messaging.TraceParent;
import io.holdfast.order.OrderStore.End;
import io.holdfast.order.OrderStore.FulfilmentEnd;
import io.holdfast.order.OrderStore.Standing;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends orders, fulfilments and refunds whose sagas have ended. Two statements for orders whatever
 * the size of the batch: lock them, end them; more only if the batch has ends of the other kinds,
 * or if confirmed orders are sent.
 */
final class OutcomeHandler implements BatchHandler {

  private static final Logger log = LoggerFactory.getLogger(OutcomeHandler.class);
  private static final Reason UNSPECIFIED =
      Reason.of(Code.UNSPECIFIED, "the order was refused without a reason");

  private final OrderStore orders;
  private final FulfilmentDesk fulfilments;
  private final RefundEnds refunds;
  private final OrderWatch watch;
  private final MeterRegistry metrics;
  private final Map<String, Timer> durations = new ConcurrentHashMap<>();

  OutcomeHandler(
      OrderStore orders,
      FulfilmentDesk fulfilments,
      RefundEnds refunds,
      OrderWatch watch,
      MeterRegistry metrics) {
    this.orders = orders;
    this.fulfilments = fulfilments;
    this.refunds = refunds;
    this.watch = watch;
    this.metrics = metrics;
  }

  /** What a batch says, by saga; the first word counts. */
  private record Said(
      Map<UUID, End> placed,
      Map<UUID, TraceParent> traces,
      Map<UUID, SagaEnded> fulfilled,
      Map<UUID, RefundStore.End> refunded) {

    Said() {
      this(new LinkedHashMap<>(), new HashMap<>(), new LinkedHashMap<>(), new LinkedHashMap<>());
    }
  }

  @Override
  public void handle(List<Envelope> batch) {
    var said = new Said();
    for (var message : batch) {
      if (message.type().equals(SagaContract.ENDED_TYPE)) {
        hear(message, Json.read(message.body(), SagaEnded.class), said);
      }
    }
    var fulfilled = ordersOf(said.fulfilled().keySet(), orders::fulfilledBy);
    var refunded = ordersOf(said.refunded().keySet(), refunds::ordersOf);
    var touched = new LinkedHashSet<>(said.placed().keySet());
    touched.addAll(fulfilled.values());
    touched.addAll(refunded.values());
    if (touched.isEmpty()) {
      return;
    }
    var standings = orders.lock(touched);

    endOrders(said, standings);
    endFulfilments(said.fulfilled(), fulfilled, standings);
    if (!said.refunded().isEmpty()) {
      var paidBack = refunds.end(List.copyOf(said.refunded().values()));
      AfterCommit.run(() -> watch.tell(paidBack));
    }
  }

  private void hear(Envelope message, SagaEnded ended, Said said) {
    var saga = message.sagaId().value();
    switch (ended.definition()) {
      case PlaceOrder.DEFINITION -> {
        var end = end(saga, ended);
        refuseContradiction(said.placed().putIfAbsent(saga, end), end);
        said.traces().put(saga, message.trace());
      }
      case FulfilOrder.DEFINITION -> said.fulfilled().putIfAbsent(saga, ended);
      case RefundOrder.DEFINITION ->
          said.refunded().putIfAbsent(saga, new RefundStore.End(saga, RefundEnds.failure(ended)));
      default -> log.debug("saga {} is none of this service's", saga);
    }
  }

  @FunctionalInterface
  private interface OrdersOf {
    Map<UUID, UUID> find(Collection<UUID> sagas);
  }

  /** The event can overtake the visibility of what started its saga: then it is redone. */
  private static Map<UUID, UUID> ordersOf(Collection<UUID> sagas, OrdersOf finder) {
    if (sagas.isEmpty()) {
      return Map.of();
    }
    var found = finder.find(sagas);
    for (var saga : sagas) {
      if (!found.containsKey(saga)) {
        throw new RedoBatch("there is no order whose saga " + saga + " could end");
      }
    }
    return found;
  }

  private void endOrders(Said said, Map<UUID, Standing> standings) {
    var changes = new ArrayList<End>(said.placed().size());
    for (var end : said.placed().values()) {
      var state = stateOf(end, standings);
      if (!state.ended()) {
        changes.add(end);
      } else if (state != end.state()) {
        contradiction(end.orderId(), state, end.state());
      }
    }
    if (!changes.isEmpty()) {
      var ended = orders.end(changes, fulfilments.resendAfter());
      RedoBatch.unlessAll("orders ended", ended.size(), changes.size());
      fulfilments.begin(changes, ended, said.traces());
      AfterCommit.run(() -> tell(ended));
    }
  }

  private End end(UUID orderId, SagaEnded ended) {
    var state = OrderState.after(ended);
    if (state == OrderState.CONFIRMED) {
      var paid = ended.result() == null ? null : Json.read(ended.result(), Paid.class);
      return new End(orderId, state, null, paid, fulfilments.newSaga());
    }
    return new End(orderId, state, ended.reason() == null ? UNSPECIFIED : ended.reason());
  }

  private void endFulfilments(
      Map<UUID, SagaEnded> ends, Map<UUID, UUID> orderIds, Map<UUID, Standing> standings) {
    var changes = new ArrayList<FulfilmentEnd>();
    ends.forEach(
        (saga, ended) -> {
          var end = FulfilmentDesk.end(orderIds.getOrDefault(saga, saga), ended);
          var standing = standings.get(end.orderId());
          var stands = standing == null ? Fulfilment.NONE : standing.fulfilment();
          if (stands == Fulfilment.FULFILLING) {
            changes.add(end);
          } else if (stands != end.fulfilment()) {
            contradiction(end.orderId(), stands, end.fulfilment());
          }
        });
    if (!changes.isEmpty()) {
      fulfilments.end(changes);
    }
  }

  private void refuseContradiction(@Nullable End first, End end) {
    if (first != null && first.state() != end.state()) {
      contradiction(end.orderId(), first.state(), end.state());
    }
  }

  /** The event can overtake the visibility of the order's own commit: then it is redone. */
  private static OrderState stateOf(End end, Map<UUID, Standing> standings) {
    var standing = standings.get(end.orderId());
    if (standing == null) {
      throw new RedoBatch("there is no order " + end.orderId() + " that could end");
    }
    return standing.state();
  }

  private void contradiction(UUID orderId, Enum<?> stays, Enum<?> said) {
    log.error(
        "order {} is {} and stays so, but its saga is said to have ended {}: look into both",
        orderId,
        stays,
        said);
    metrics.counter("orders.contradictions").increment();
  }

  private void tell(List<OrderProgress> ended) {
    watch.tell(ended);
    for (var order : ended) {
      var state = order.state().name();
      log.debug("order {} ended {}", order.orderId(), state);
      if (order.endedAt() != null) {
        durations
            .computeIfAbsent(state, name -> metrics.timer("orders.duration", "state", name))
            .record(Duration.between(order.placedAt(), order.endedAt()));
      }
    }
  }
}
