package io.holdfast.inventory;

import io.holdfast.contracts.SagaId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The locked stock that one batch touches, and what the batch has moved so far. */
final class StockMovements {

  private final StockStore store;
  private final LowStockNotice notice;
  private final Map<String, Stock> before;
  private final Map<String, Stock> stocks;
  private final List<StockEntry> entries = new ArrayList<>();
  private final Map<String, UUID> madeLow = new TreeMap<>();

  StockMovements(StockStore store, LowStockNotice notice, Map<String, Stock> locked) {
    this.store = store;
    this.notice = notice;
    this.before = locked;
    this.stocks = new HashMap<>(locked);
  }

  /** What is there after everything that was moved before; null for an unknown good. */
  @Nullable Stock stock(String sku) {
    return stocks.get(sku);
  }

  void move(SagaId saga, StockEntry.Operation operation, StockHold hold) {
    hold.quantities().forEach((sku, quantity) -> move(saga, operation, sku, quantity));
  }

  void move(SagaId saga, StockEntry.Operation operation, String sku, long quantity) {
    var entry = StockEntry.of(saga.value(), operation, sku, quantity);
    entries.add(entry);
    var was = stocks.get(entry.sku());
    if (was != null) {
      var is = was.plus(entry);
      stocks.put(entry.sku(), is);
      if (is.becameLowSince(was)) {
        madeLow.put(entry.sku(), entry.causeId());
      }
    }
  }

  void save() {
    store.save(entries);
    madeLow.forEach(
        (sku, cause) -> {
          var was = before.get(sku);
          var is = stocks.get(sku);
          if (was != null && is != null && is.becameLowSince(was)) {
            notice.give(cause, is);
          }
        });
  }
}
