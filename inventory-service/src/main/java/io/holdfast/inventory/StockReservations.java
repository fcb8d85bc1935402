package io.holdfast.inventory;

import io.holdfast.contracts.Reason;
import io.holdfast.contracts.SagaId;
import io.holdfast.contracts.inventory.HoldStock;
import io.holdfast.participant.CancelOutcome;
import io.holdfast.participant.ConfirmOutcome;
import io.holdfast.participant.Reservations;
import io.holdfast.participant.TryOutcome;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The stock that one batch touches. Orders are admitted in their order against what is left, each
 * whole or not at all; one that is refused leaves what is left to those behind it.
 */
final class StockReservations implements Reservations<HoldStock, StockHold> {

  private final StockStore store;
  private final Map<String, Stock> stocks;
  private final List<StockEntry> entries = new ArrayList<>();

  StockReservations(StockStore store, Map<String, Stock> stocks) {
    this.store = store;
    this.stocks = new HashMap<>(stocks);
  }

  @Override
  public TryOutcome<StockHold> hold(SagaId saga, HoldStock request) {
    StockHold hold;
    try {
      hold = StockHold.of(request);
    } catch (IllegalArgumentException e) {
      return refused("INVALID_REQUEST", String.valueOf(e.getMessage()));
    }
    for (var line : hold.quantities().entrySet()) {
      var stock = stocks.get(line.getKey());
      if (stock == null) {
        return refused("UNKNOWN_SKU", "unknown SKU: " + line.getKey());
      }
      if (stock.available() < line.getValue()) {
        return refused("INSUFFICIENT_STOCK", "insufficient stock: " + line.getKey());
      }
    }
    move(saga, StockEntry.Operation.HOLD, hold);
    return new TryOutcome.Held<>(hold, null);
  }

  @Override
  public ConfirmOutcome confirm(SagaId saga, StockHold hold) {
    move(saga, StockEntry.Operation.CONFIRM, hold);
    return new ConfirmOutcome.Confirmed();
  }

  @Override
  public CancelOutcome cancel(SagaId saga, StockHold hold) {
    move(saga, StockEntry.Operation.CANCEL, hold);
    return new CancelOutcome.Cancelled();
  }

  @Override
  public void save() {
    store.save(entries);
  }

  private void move(SagaId saga, StockEntry.Operation operation, StockHold hold) {
    hold.quantities()
        .forEach(
            (sku, quantity) -> {
              var entry = StockEntry.of(saga.value(), operation, sku, quantity);
              entries.add(entry);
              stocks.computeIfPresent(sku, (_, stock) -> stock.plus(entry));
            });
  }

  private static TryOutcome<StockHold> refused(String code, String detail) {
    return new TryOutcome.Refused<>(new Reason(code, detail));
  }
}
