package io.holdfast.inventory;

import io.holdfast.contracts.SagaId;
import io.holdfast.contracts.inventory.InventoryContract;
import io.holdfast.contracts.inventory.LowStock;
import io.holdfast.messaging.Envelope;
import io.holdfast.messaging.Json;
import io.holdfast.messaging.Outbox;
import io.holdfast.messaging.Outbox.Outgoing;
import io.holdfast.messaging.TraceParent;
import java.util.List;
import java.util.UUID;

/** Tells the world, in the transaction that made a good low, and keeps on record that it did. */
final class LowStockNotice {

  private static final String SOURCE = "inventory-service";

  private final StockStore store;
  private final Outbox outbox;
  private final StockMetrics metrics;

  LowStockNotice(StockStore store, Outbox outbox, StockMetrics metrics) {
    this.store = store;
    this.outbox = outbox;
    this.metrics = metrics;
  }

  /**
   * @param cause the saga, adjustment or change of terms that made it low
   */
  void give(UUID cause, Stock stock) {
    var threshold = stock.lowStockAt();
    if (threshold == null) {
      throw new IllegalArgumentException("nobody wants to know when this is low: " + stock);
    }
    store.recordLow(cause, stock.sku(), stock.available(), threshold);
    var event = new LowStock(stock.sku(), stock.available(), threshold);
    outbox.append(
        List.of(
            new Outgoing(
                InventoryContract.EVENTS_TOPIC,
                Envelope.first(
                    SOURCE,
                    InventoryContract.LOW_STOCK_TYPE,
                    new SagaId(cause),
                    TraceParent.random(),
                    Json.bytes(event)))));
    metrics.becameLow();
  }
}
