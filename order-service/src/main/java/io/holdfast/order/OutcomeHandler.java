package io.holdfast.order;

import io.holdfast.contracts.Reason;
import io.holdfast.contracts.saga.PlaceOrder;
import io.holdfast.contracts.saga.SagaContract;
import io.holdfast.contracts.saga.SagaEnded;
import io.holdfast.messaging.BatchHandler;
import io.holdfast.messaging.Envelope;
import io.holdfast.messaging.Json;
import io.holdfast.messaging.RedoBatch;
import io.holdfast.order.OrderStore.End;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * Ends orders whose sagas have ended. Two statements whatever the size of the batch: lock the
 * orders, end them.
 */
final class OutcomeHandler implements BatchHandler {

  private static final Logger log = LoggerFactory.getLogger(OutcomeHandler.class);
  private static final Reason UNSPECIFIED =
      new Reason("UNSPECIFIED", "the order was refused without a reason");

  private final OrderStore orders;
  private final OrderWatch watch;
  private final MeterRegistry metrics;
  private final Map<String, Timer> durations = new ConcurrentHashMap<>();

  OutcomeHandler(OrderStore orders, OrderWatch watch, MeterRegistry metrics) {
    this.orders = orders;
    this.watch = watch;
    this.metrics = metrics;
  }

  @Override
  public void handle(List<Envelope> batch) {
    var ends = new LinkedHashMap<UUID, End>();
    for (var message : batch) {
      if (message.type().equals(SagaContract.ENDED_TYPE)) {
        var ended = Json.read(message.body(), SagaEnded.class);
        if (ended.definition().equals(PlaceOrder.DEFINITION)) {
          var end = end(message.sagaId().value(), ended);
          refuseContradiction(ends.putIfAbsent(end.orderId(), end), end);
        }
      }
    }
    if (ends.isEmpty()) {
      return;
    }

    var states = orders.lock(ends.keySet());
    var changes = new ArrayList<End>(ends.size());
    for (var end : ends.values()) {
      var state = stateOf(end, states);
      if (!state.ended()) {
        changes.add(end);
      } else if (state != end.state()) {
        contradiction(end.orderId(), state, end.state());
      }
    }

    if (!changes.isEmpty()) {
      var ended = orders.end(changes);
      RedoBatch.unlessAll("orders ended", ended.size(), changes.size());
      afterCommit(() -> tell(ended));
    }
  }

  private static End end(UUID orderId, SagaEnded ended) {
    var state = OrderState.after(ended);
    if (state == OrderState.CONFIRMED) {
      return new End(orderId, state, null);
    }
    return new End(orderId, state, ended.reason() == null ? UNSPECIFIED : ended.reason());
  }

  private void refuseContradiction(@Nullable End first, End end) {
    if (first != null && first.state() != end.state()) {
      contradiction(end.orderId(), first.state(), end.state());
    }
  }

  /** The event can overtake the visibility of the order's own commit: then it is redone. */
  private static OrderState stateOf(End end, Map<UUID, OrderState> states) {
    var state = states.get(end.orderId());
    if (state == null) {
      throw new RedoBatch("there is no order " + end.orderId() + " that could end");
    }
    return state;
  }

  private void contradiction(UUID orderId, OrderState stays, OrderState said) {
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

  /** Only what can be lost: whoever waits also reads, and a counter is a counter. */
  private static void afterCommit(Runnable action) {
    TransactionSynchronizationManager.registerSynchronization(
        new TransactionSynchronization() {
          @Override
          public void afterCommit() {
            action.run();
          }
        });
  }
}
