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
 * lines with events, outbox; a fifth if a key is known already or a placement is refused, and three
 * more if a cart is ordered, for what is in it, for known keys, and to clear it.
 */
final class PlacementHandler implements PlacementQueue.Writer {

  private final ProductStore products;
  private final CartStore carts;
  private final OrderStore orders;
  private final Outbox outbox;
  private final TransactionOperations transactions;
  private final TimerLoop resendTimer;
  private final Duration resendAfter;
  private final ApprovalRule approvalRule;
  private final DistributionSummary batchSize;
  private final Counter placed;
  private final Counter awaitingApproval;

  PlacementHandler(
      ProductStore products,
      CartStore carts,
      OrderStore orders,
      Outbox outbox,
      TransactionOperations transactions,
      TimerLoop resendTimer,
      Duration resendAfter,
      ApprovalRule approvalRule,
      MeterRegistry metrics) {
    this.products = products;
    this.carts = carts;
    this.orders = orders;
    this.outbox = outbox;
    this.transactions = transactions;
    this.resendTimer = resendTimer;
    this.resendAfter = resendAfter;
    this.approvalRule = approvalRule;
    this.batchSize = metrics.summary("orders.placement.batch.size");
    this.placed = metrics.counter("orders.placed");
    this.awaitingApproval = metrics.counter("orders.approval.requested");
  }

  @Override
  public List<PlacementOutcome> write(List<Placement> batch) {
    var outcomes = transactions.execute(_ -> writeInTransaction(batch));
    batchSize.record(batch.size());
    count(outcomes);
    resendTimer.wakeUpIn(resendAfter);
    return outcomes;
  }

  private void count(List<PlacementOutcome> outcomes) {
    for (var outcome : outcomes) {
      if (outcome instanceof Placed(Order order)) {
        placed.increment();
        if (order.approval() != null) {
          awaitingApproval.increment();
        }
      }
    }
  }

  private List<PlacementOutcome> writeInTransaction(List<Placement> batch) {
    var pricings = price(batch);
    var priced = new ArrayList<PricedPlacement>(batch.size());
    for (int i = 0; i < batch.size(); i++) {
      if (pricings.get(i) instanceof Priced price) {
        boolean needsApproval = approvalRule.asksFor(price.totalMinor(), price.currency());
        priced.add(new PricedPlacement(batch.get(i), price, needsApproval));
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
      clearCarts(priced);
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
    var cartOrders = batch.stream().filter(Placement::fromCart).toList();
    var inCarts =
        cartOrders.isEmpty()
            ? Map.<UUID, List<Placement.Line>>of()
            : carts.lock(cartOrders.stream().map(Placement::customerId).distinct().toList());
    var skus = new HashSet<String>();
    for (var placement : batch) {
      placement.lines().forEach(line -> skus.add(line.sku()));
    }
    inCarts.values().forEach(lines -> lines.forEach(line -> skus.add(line.sku())));
    var known = products.load(skus);
    return cartOrders.isEmpty()
        ? batch.stream().map(placement -> Pricing.of(placement.lines(), known)).toList()
        : priceWithCarts(batch, cartOrders, inCarts, known);
  }

  /**
   * What is in a cart goes to the first placement of it that has a price and a key that is new, to
   * the database and to the batch: others end as their keys say. Known keys are looked up when the
   * carts are locked: who has ordered one before has committed.
   */
  private List<Pricing> priceWithCarts(
      List<Placement> batch,
      List<Placement> cartOrders,
      Map<UUID, List<Placement.Line>> inCarts,
      Map<String, Product> known) {
    var used =
        new HashSet<>(
            orders
                .loadByKeys(cartOrders.stream().map(PlacementHandler::key).distinct().toList())
                .keySet());
    var full = new HashMap<>(inCarts);
    var pricings = new ArrayList<Pricing>(batch.size());
    for (var placement : batch) {
      var key = key(placement);
      var cart = used.contains(key) ? null : full.get(placement.customerId());
      var pricing =
          placement.fromCart()
              ? Pricing.ofCart(cart == null ? List.of() : cart, known)
              : Pricing.of(placement.lines(), known);
      if (pricing instanceof Priced) {
        used.add(key);
        if (placement.fromCart()) {
          full.remove(placement.customerId());
        }
      }
      pricings.add(pricing);
    }
    return pricings;
  }

  /** Clears the carts that have become orders. */
  private void clearCarts(List<PricedPlacement> placed) {
    var items = new ArrayList<CartStore.Key>();
    for (var order : placed) {
      if (order.placement().fromCart()) {
        for (var line : order.priced().lines()) {
          items.add(new CartStore.Key(order.placement().customerId(), line.sku()));
        }
      }
    }
    if (!items.isEmpty()) {
      carts.clear(items);
    }
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
