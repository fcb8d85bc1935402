package io.holdfast.inventory;

import io.holdfast.contracts.ParticipantContract;
import io.holdfast.contracts.inventory.HoldStock;
import io.holdfast.contracts.inventory.InventoryContract;
import io.holdfast.participant.Participant;
import io.holdfast.participant.Reservations;
import java.util.Collection;
import java.util.HashSet;

/** The inventory service's part in a saga: stock is set aside, taken or given back. */
final class InventoryParticipant implements Participant<HoldStock, StockHold> {

  private final StockStore store;
  private final LowStockNotice notice;
  private final StockMetrics metrics;

  InventoryParticipant(StockStore store, LowStockNotice notice, StockMetrics metrics) {
    this.store = store;
    this.notice = notice;
    this.metrics = metrics;
  }

  @Override
  public ParticipantContract<HoldStock> contract() {
    return InventoryContract.INVENTORY;
  }

  @Override
  public Class<StockHold> holdType() {
    return StockHold.class;
  }

  @Override
  public Reservations<HoldStock, StockHold> open(
      Collection<HoldStock> tries, Collection<StockHold> holds) {
    var skus = new HashSet<String>();
    tries.forEach(request -> request.lines().forEach(line -> skus.add(line.sku())));
    holds.forEach(hold -> skus.addAll(hold.quantities().keySet()));
    return new StockReservations(new StockMovements(store, notice, store.lock(skus)), metrics);
  }
}
