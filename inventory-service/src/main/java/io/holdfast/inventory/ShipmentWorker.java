package io.holdfast.inventory;

import static java.util.stream.Collectors.partitioningBy;

import io.holdfast.contracts.Code;
import io.holdfast.contracts.ParticipantContract;
import io.holdfast.contracts.Reason;
import io.holdfast.contracts.SagaId;
import io.holdfast.contracts.inventory.GoodsShipped;
import io.holdfast.contracts.inventory.InventoryContract;
import io.holdfast.inventory.ShipmentStore.Learned;
import io.holdfast.messaging.AfterCommit;
import io.holdfast.messaging.DueWork;
import io.holdfast.messaging.DueWork.Answered;
import io.holdfast.messaging.Pauses;
import io.holdfast.messaging.TimerLoop;
import io.holdfast.participant.Settlement;
import io.holdfast.participant.Settlement.Outcome;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.transaction.support.TransactionOperations;

/**
 * Has the warehouse do what shipments wait for. Each due shipment is claimed in one transaction,
 * the warehouse is called outside of any, and its answer is recorded in another, together with the
 * answer to the saga: all answers of a round at once. A crash anywhere in between leaves a claim
 * that runs out, and then the same request again.
 */
final class ShipmentWorker implements DueWork.Work<Shipment, WarehouseAnswer>, AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(ShipmentWorker.class);
  private static final int ATTEMPTS_BEFORE_WARNING = 8;
  private static final Duration GAUGE_EVERY = Duration.ofSeconds(5);

  private final ShipmentStore shipments;
  private final OrderGoodsStore goods;
  private final Warehouse warehouse;
  private final Settlement settlement;
  private final InventoryProperties.Fulfilment properties;
  private final MeterRegistry metrics;
  private final Pauses pauses;
  private final DueWork<Shipment, WarehouseAnswer> work;
  private volatile double oldestSeconds;
  private long gaugeDueAtNanos = System.nanoTime();

  ShipmentWorker(
      ShipmentStore shipments,
      OrderGoodsStore goods,
      Warehouse warehouse,
      Settlement settlement,
      TransactionOperations transactions,
      InventoryProperties.Fulfilment properties,
      MeterRegistry metrics) {
    this.shipments = shipments;
    this.goods = goods;
    this.warehouse = warehouse;
    this.settlement = settlement;
    this.properties = properties;
    this.metrics = metrics;
    this.pauses = new Pauses(properties.firstRetryAfter(), properties.lastRetryAfter());
    this.work = new DueWork<>("shipments", properties.parallelCalls(), transactions, this);
    Gauge.builder("shipment.oldest.waiting", () -> oldestSeconds)
        .description("for how long the oldest shipment waits for the warehouse")
        .baseUnit("seconds")
        .register(metrics);
  }

  /** What looks for due shipments; runs as long as the service. */
  TimerLoop timer() {
    return work.timer();
  }

  /** Says that a shipment is due, once the surrounding transaction has committed. */
  void wakeUp() {
    work.wakeUp();
  }

  @Override
  public List<Shipment> claim(int limit) {
    measure();
    return shipments.claim(limit, properties.lease());
  }

  private void measure() {
    if (System.nanoTime() - gaugeDueAtNanos >= 0) {
      gaugeDueAtNanos = System.nanoTime() + GAUGE_EVERY.toNanos();
      oldestSeconds =
          shipments.backlog().values().stream()
              .mapToDouble(ShipmentStore.Backlog::oldestSeconds)
              .max()
              .orElse(0);
    }
  }

  @Override
  public Duration untilNextDue(Duration atMost) {
    return shipments.untilNextDue(atMost);
  }

  @Override
  public WarehouseAnswer call(Shipment claimed) {
    long startedAt = System.nanoTime();
    var job = claimed.sagaId().value();
    var answer =
        switch (claimed.state()) {
          case PICKING -> warehouse.pick(job, claimed.quantities());
          case PUTTING_BACK -> warehouse.putBack(job);
          case SHIPPING -> warehouse.ship(job);
          case PICKED, DAMAGED, READY, PUT_BACK, SHIPPED ->
              throw new IllegalStateException("claimed though nothing is to be done: " + claimed);
        };
    metrics
        .timer("warehouse.calls", "operation", claimed.state().name(), "outcome", answer.label())
        .record(System.nanoTime() - startedAt, TimeUnit.NANOSECONDS);
    return answer;
  }

  @Override
  public void record(List<Answered<Shipment, WarehouseAnswer>> round) {
    var byStep =
        round.stream()
            .collect(
                partitioningBy(answered -> answered.claim().state() == ShipmentState.SHIPPING));
    record(InventoryContract.PICKING, byStep.getOrDefault(false, List.of()));
    record(InventoryContract.SHIPPING, byStep.getOrDefault(true, List.of()));
  }

  /** Locks in the order of commands, fences first: so what is wanted stays as it is read. */
  private void record(
      ParticipantContract<?> step, List<Answered<Shipment, WarehouseAnswer>> round) {
    var sagas = round.stream().map(answered -> answered.claim().sagaId()).distinct().toList();
    settlement.lock(step, sagas);
    var known = new HashMap<SagaId, Shipment>();
    shipments
        .loadLocked(sagas.stream().map(SagaId::value).toList())
        .forEach(shipment -> known.put(shipment.sagaId(), shipment));
    var learned = new TreeMap<SagaId, Learned>();
    for (var answered : round) {
      var claimed = answered.claim();
      var saga = claimed.sagaId();
      var was = known.get(saga);
      if (was == null) {
        throw new IllegalStateException("shipment of " + saga + " is gone");
      }
      if (was.version() != claimed.version() + 1) {
        log.info(
            "saga {}: the warehouse was asked again since, {} is not used",
            saga,
            answered.answer());
        continue;
      }
      var is = was.answered(claimed.state(), answered.answer());
      learned.put(saga, new Learned(was, is, pause(is, claimed.state())));
      AfterCommit.run(() -> report(is, answered.answer()));
    }
    var moved =
        learned.values().stream()
            .filter(shipment -> shipment.is().state() != shipment.was().state())
            .map(Learned::is)
            .toList();
    tell(step, moved);
    shipments.recordAnswers(List.copyOf(learned.values()));
    unpick(moved);
  }

  private void tell(ParticipantContract<?> step, List<Shipment> moved) {
    var outcomes = new TreeMap<SagaId, Outcome>();
    moved.forEach(shipment -> outcomes.put(shipment.sagaId(), outcome(shipment)));
    var told = settlement.settle(step, outcomes);
    if (told.size() != outcomes.size()) {
      throw new IllegalStateException(
          "%s: %s was done, but only %s waited for it".formatted(step.name(), outcomes, told));
    }
  }

  private static Outcome outcome(Shipment moved) {
    return switch (moved.state()) {
      case PICKED -> new Outcome.Tried(null);
      case DAMAGED -> new Outcome.Refused(damage(moved));
      case PUT_BACK -> new Outcome.Cancelled();
      case SHIPPED -> new Outcome.Settled(shipped(moved));
      case PICKING, READY, PUTTING_BACK, SHIPPING ->
          throw new IllegalStateException("no answer leads to " + moved);
    };
  }

  private static Reason damage(Shipment shipment) {
    return Reason.of(Code.GOODS_DAMAGED, "damaged goods: " + shipment.damagedSku());
  }

  private static GoodsShipped shipped(Shipment shipment) {
    var code = shipment.trackingCode();
    if (code == null) {
      throw new IllegalStateException("shipped without a tracking code: " + shipment.sagaId());
    }
    return new GoodsShipped(code);
  }

  /** Goods that are back, or never left, can be picked again. */
  private void unpick(List<Shipment> moved) {
    var back =
        moved.stream()
            .filter(
                shipment ->
                    shipment.state() == ShipmentState.PUT_BACK
                        || shipment.state() == ShipmentState.DAMAGED)
            .toList();
    if (back.isEmpty()) {
      return;
    }
    var keys = new TreeSet<OrderGoods.Key>();
    for (var shipment : back) {
      shipment
          .quantities()
          .keySet()
          .forEach(sku -> keys.add(new OrderGoods.Key(shipment.orderId(), sku)));
    }
    var sold = new SoldGoods(goods, goods.lock(keys));
    back.forEach(shipment -> sold.unpick(shipment.orderId(), shipment.quantities()));
    sold.save();
  }

  private static void report(Shipment shipment, WarehouseAnswer answer) {
    if (!shipment.state().waits()) {
      log.info("saga {}: goods are {}", shipment.sagaId(), shipment.state());
    } else if (shipment.attempts() >= ATTEMPTS_BEFORE_WARNING
        && Integer.bitCount(shipment.attempts()) == 1) {
      log.warn(
          "saga {}: goods are {} after {} attempts: {}. It goes on; see that the warehouse works",
          shipment.sagaId(),
          shipment.state(),
          shipment.attempts(),
          answer);
    }
  }

  /** None if something else is wanted since; else it doubles with each attempt, and is spread. */
  private Duration pause(Shipment shipment, ShipmentState asked) {
    if (shipment.state() != asked) {
      return Duration.ZERO;
    }
    return pauses.after(shipment.attempts());
  }

  @Override
  public void close() {
    work.close();
  }
}
