package io.holdfast.inventory;

import io.holdfast.contracts.Code;
import io.holdfast.contracts.Reason;
import io.holdfast.contracts.inventory.GoodsShipped;
import io.holdfast.contracts.inventory.InventoryContract;
import io.holdfast.messaging.RedoBatch;
import io.holdfast.messaging.TimerLoop;
import io.holdfast.participant.Settlement;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.TreeSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has the warehouse do what shipments wait for. Each due shipment is claimed in one transaction,
 * the warehouse is called outside of any, and its answer is recorded in another, together with the
 * answer to the saga. A crash anywhere in between leaves a claim that runs out, and then the same
 * request again.
 */
final class ShipmentWorker implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(ShipmentWorker.class);
  private static final int MAX_REDOS = 10;
  private static final int ATTEMPTS_BEFORE_WARNING = 8;
  private static final int LARGEST_EXPONENT = 20;
  private static final Duration GAUGE_EVERY = Duration.ofSeconds(5);
  private static final Duration CLOSE_LIMIT = Duration.ofSeconds(2);

  private final ShipmentStore shipments;
  private final OrderGoodsStore goods;
  private final Warehouse warehouse;
  private final Settlement settlement;
  private final InventoryProperties.Fulfilment properties;
  private final MeterRegistry metrics;
  private final TimerLoop timer = new TimerLoop("shipments", this::startDue);
  private final Semaphore free;
  private final ExecutorService calls =
      Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("shipment-", 0).factory());
  private volatile double oldestSeconds;
  private long gaugeDueAtNanos = System.nanoTime();

  ShipmentWorker(
      ShipmentStore shipments,
      OrderGoodsStore goods,
      Warehouse warehouse,
      Settlement settlement,
      InventoryProperties.Fulfilment properties,
      MeterRegistry metrics) {
    this.shipments = shipments;
    this.goods = goods;
    this.warehouse = warehouse;
    this.settlement = settlement;
    this.properties = properties;
    this.metrics = metrics;
    this.free = new Semaphore(properties.parallelCalls());
    Gauge.builder("shipment.oldest.waiting", () -> oldestSeconds)
        .description("for how long the oldest shipment waits for the warehouse")
        .baseUnit("seconds")
        .register(metrics);
  }

  /** What looks for due shipments; runs as long as the service. */
  TimerLoop timer() {
    return timer;
  }

  /** Says that a shipment is due. Call it after the commit that made it so. */
  void wakeUp() {
    timer.wakeUpIn(Duration.ZERO);
  }

  private Duration startDue() {
    measure();
    int permits = free.drainPermits();
    int started = 0;
    try {
      if (permits > 0) {
        for (var claimed : shipments.claim(permits, properties.lease())) {
          started++;
          calls.execute(() -> call(claimed));
        }
      }
    } finally {
      free.release(permits - started);
    }
    return started == permits
        ? TimerLoop.LONGEST_SLEEP
        : shipments.untilNextDue(TimerLoop.LONGEST_SLEEP);
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

  private void call(Shipment claimed) {
    try {
      record(claimed, answer(claimed));
    } catch (RuntimeException e) {
      log.warn(
          "saga {}: what the warehouse answered could not be recorded; it is asked again in {}",
          claimed.sagaId(),
          properties.lease(),
          e);
    } finally {
      free.release();
      wakeUp();
    }
  }

  private WarehouseAnswer answer(Shipment claimed) {
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

  /** A cancel may come in between: then what the answer means is decided anew. */
  private void record(Shipment claimed, WarehouseAnswer answer) {
    for (int redo = 0; ; redo++) {
      try {
        shipments.inTransaction(() -> recordOnce(claimed, answer));
        return;
      } catch (RedoBatch e) {
        if (redo == MAX_REDOS) {
          throw e;
        }
      }
    }
  }

  private void recordOnce(Shipment claimed, WarehouseAnswer answer) {
    var saga = claimed.sagaId();
    var was =
        shipments
            .load(saga)
            .orElseThrow(() -> new IllegalStateException("shipment of " + saga + " is gone"));
    if (was.version() != claimed.version() + 1) {
      log.info("saga {}: the warehouse was asked again since, {} is not used", saga, answer);
      return;
    }
    var is = was.answered(claimed.state(), answer);
    if (is.state() != was.state()) {
      tell(is);
    }
    shipments.recordAnswer(was, is, pause(is, claimed.state()));
    if (is.state() == ShipmentState.PUT_BACK || is.state() == ShipmentState.DAMAGED) {
      unpick(is);
    }
    report(is, answer);
  }

  private void tell(Shipment shipment) {
    var saga = shipment.sagaId();
    boolean told =
        switch (shipment.state()) {
          case PICKED -> settlement.tried(InventoryContract.PICKING, saga, null);
          case DAMAGED -> settlement.refused(InventoryContract.PICKING, saga, damage(shipment));
          case PUT_BACK -> settlement.cancelled(InventoryContract.PICKING, saga);
          case SHIPPED -> settlement.settled(InventoryContract.SHIPPING, saga, shipped(shipment));
          case PICKING, READY, PUTTING_BACK, SHIPPING -> true;
        };
    if (!told) {
      // The fence moved on in the moment between: decide again with what is wanted now.
      throw new RedoBatch("saga " + saga + " does not wait for " + shipment.state());
    }
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

  private void unpick(Shipment shipment) {
    var keys = new TreeSet<OrderGoods.Key>();
    shipment
        .quantities()
        .keySet()
        .forEach(sku -> keys.add(new OrderGoods.Key(shipment.orderId(), sku)));
    var sold = new SoldGoods(goods, goods.lock(keys));
    sold.unpick(shipment.orderId(), shipment.quantities());
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
    int exponent = Math.clamp(shipment.attempts() - 1, 0, LARGEST_EXPONENT);
    double longest = (double) properties.firstRetryAfter().toMillis() * Math.pow(2, exponent);
    double limit = Math.min(longest, (double) properties.lastRetryAfter().toMillis());
    return Duration.ofMillis((long) (limit * ThreadLocalRandom.current().nextDouble(0.5, 1)));
  }

  /** Lets running calls end; those that do not are repeated by whoever runs next. */
  @Override
  public void close() {
    calls.shutdown();
    try {
      if (!calls.awaitTermination(CLOSE_LIMIT.toMillis(), TimeUnit.MILLISECONDS)) {
        calls.shutdownNow();
      }
    } catch (InterruptedException e) {
      calls.shutdownNow();
      Thread.currentThread().interrupt();
    }
  }
}
