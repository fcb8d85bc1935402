package io.holdfast.order;

import static java.util.Objects.requireNonNull;

import io.holdfast.messaging.Outbox;
import io.holdfast.messaging.TimerLoop;
import io.holdfast.order.OrderStore.KeyedOrder;
import io.holdfast.order.OrderStore.RequestKey;
import io.holdfast.order.PlacementOutcome.Existing;
import io.holdfast.order.PlacementOutcome.KeyReused;
import io.holdfast.order.PlacementOutcome.Placed;
import io.holdfast.order.PlacementOutcome.Refused;
import io.holdfast.order.Pricing.Priced;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.springframework.dao.DataAccessException;
import org.springframework.transaction.support.TransactionOperations;

/**
 * Stores placements: order, lines, first event and the message that starts the saga, for all of a
 * batch, in one transaction. Four statements whatever the size of the batch: products, orders,
 * lines with events, outbox; a fifth if a key is known already or a placement is refused.
 */
final class PlacementHandler implements PlacementQueue.Writer {

  private final ProductStore products;
  private final OrderStore orders;
  private final Outbox outbox;
  private final TransactionOperations transactions;
  private final TimerLoop resendTimer;
  private final Duration resendAfter;
  private final DistributionSummary batchSize;
  private final Counter placed;

  PlacementHandler(
      ProductStore products,
      OrderStore orders,
      Outbox outbox,
      TransactionOperations transactions,
      TimerLoop resendTimer,
      Duration resendAfter,
      MeterRegistry metrics) {
    this.products = products;
    this.orders = orders;
    this.outbox = outbox;
    this.transactions = transactions;
    this.resendTimer = resendTimer;
    this.resendAfter = resendAfter;
    this.batchSize = metrics.summary("orders.placement.batch.size");
    this.placed = metrics.counter("orders.placed");
  }

  @Override
  public List<PlacementOutcome> write(List<Placement> batch) {
    var outcomes = transactions.execute(_ -> writeInTransaction(batch));
    batchSize.record(batch.size());
    placed.increment((double) outcomes.stream().filter(Placed.class::isInstance).count());
    resendTimer.wakeUpIn(resendAfter);
    return outcomes;
  }

  private List<PlacementOutcome> writeInTransaction(List<Placement> batch) {
    var pricings = price(batch);
    var priced = new ArrayList<PricedPlacement>(batch.size());
    for (int i = 0; i < batch.size(); i++) {
      if (pricings.get(i) instanceof Priced price) {
        priced.add(new PricedPlacement(batch.get(i), price));
      }
    }

    var placedAt = priced.isEmpty() ? Map.<UUID, Instant>of() : orders.insert(priced, resendAfter);
    priced.removeIf(order -> !placedAt.containsKey(order.placement().orderId()));
    var placed = new HashMap<UUID, Order>();
    if (!priced.isEmpty()) {
      orders.insertLinesAndEvents(priced);
      outbox.append(
          priced.stream()
              .map(
                  order ->
                      SagaRequests.start(
                          order.placement().orderId(),
                          order.sagaInput(),
                          order.placement().trace()))
              .toList());
      for (var order : priced) {
        var orderId = order.placement().orderId();
        placed.put(orderId, order.placedAt(requireNonNull(placedAt.get(orderId))));
      }
    }

    var known = loadKnown(batch, placed);
    var outcomes = new ArrayList<PlacementOutcome>(batch.size());
    for (int i = 0; i < batch.size(); i++) {
      outcomes.add(outcome(batch.get(i), pricings.get(i), placed, known));
    }
    return outcomes;
  }

  private List<Pricing> price(List<Placement> batch) {
    var skus = new HashSet<String>();
    for (var placement : batch) {
      for (var line : placement.lines()) {
        skus.add(line.sku());
      }
    }
    var known = products.load(skus);
    return batch.stream().map(placement -> Pricing.of(placement.lines(), known)).toList();
  }

  /** What is known about the keys of those that were not inserted now. */
  private Map<RequestKey, KeyedOrder> loadKnown(List<Placement> batch, Map<UUID, Order> placed) {
    var keys =
        batch.stream()
            .filter(placement -> !placed.containsKey(placement.orderId()))
            .map(PlacementHandler::key)
            .distinct()
            .toList();
    return keys.isEmpty() ? Map.of() : orders.loadByKeys(keys);
  }

  /**
   * A known key comes before a refusal: a repeated request gets its order even where the product
   * has changed since.
   */
  private static PlacementOutcome outcome(
      Placement placement,
      Pricing pricing,
      Map<UUID, Order> placed,
      Map<RequestKey, KeyedOrder> known) {
    var order = placed.get(placement.orderId());
    if (order != null) {
      return new Placed(order);
    }
    var existing = known.get(key(placement));
    if (existing != null) {
      return Arrays.equals(existing.requestHash(), placement.requestHash())
          ? new Existing(existing.orderId(), existing.orderId().equals(placement.orderId()))
          : new KeyReused();
    }
    return switch (pricing) {
      case Pricing.Refused refused -> new Refused(refused);
      case Priced _ ->
          throw new IllegalStateException(
              "order " + placement.orderId() + " was neither inserted nor known");
    };
  }

  private static RequestKey key(Placement placement) {
    return new RequestKey(placement.customerId(), placement.idempotencyKey());
  }

  /**
   * Whether a failure is due to what was to be stored: PostgreSQL's classes 22 (data), 23
   * (constraints) and 54 (limits), or a message that is too large. Everything else, an unanswered
   * commit included, may pass next time.
   */
  static boolean blamesPlacement(RuntimeException e) {
    if (e instanceof DataAccessException data
        && data.getMostSpecificCause() instanceof SQLException sql
        && sql.getSQLState() != null) {
      return switch (sql.getSQLState().substring(0, 2)) {
        case "22", "23", "54" -> true;
        default -> false;
      };
    }
    return e instanceof IllegalArgumentException;
  }
}
