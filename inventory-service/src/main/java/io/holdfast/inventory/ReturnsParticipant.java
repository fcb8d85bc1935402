package io.holdfast.inventory;

import io.holdfast.contracts.Code;
import io.holdfast.contracts.ParticipantContract;
import io.holdfast.contracts.Reason;
import io.holdfast.contracts.SagaId;
import io.holdfast.contracts.inventory.InventoryContract;
import io.holdfast.contracts.inventory.ReturnGoods;
import io.holdfast.inventory.StockEntry.Operation;
import io.holdfast.participant.CancelOutcome;
import io.holdfast.participant.ConfirmOutcome;
import io.holdfast.participant.Participant;
import io.holdfast.participant.Reservations;
import io.holdfast.participant.TryOutcome;
import java.util.Collection;
import java.util.Map;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * Taking sold goods back into stock as a step of a saga: done at once, never undone, and never more
 * than were sold to the order. What the warehouse found damaged when it was to be sent is written
 * off instead.
 */
final class ReturnsParticipant implements Participant<ReturnGoods, ReturnsParticipant.Nothing> {

  private final StockStore stock;
  private final OrderGoodsStore goods;
  private final ShipmentStore shipments;
  private final LowStockNotice notice;

  ReturnsParticipant(
      StockStore stock, OrderGoodsStore goods, ShipmentStore shipments, LowStockNotice notice) {
    this.stock = stock;
    this.goods = goods;
    this.shipments = shipments;
    this.notice = notice;
  }

  /** What is set aside for a step that is done at once. */
  record Nothing() {}

  @Override
  public ParticipantContract<ReturnGoods> contract() {
    return InventoryContract.RETURNS;
  }

  @Override
  public Class<Nothing> holdType() {
    return Nothing.class;
  }

  @Override
  public Reservations<ReturnGoods, Nothing> open(
      Collection<ReturnGoods> tries, Collection<Nothing> holds) {
    var keys = new TreeSet<OrderGoods.Key>();
    for (var request : tries) {
      request.lines().forEach(line -> keys.add(new OrderGoods.Key(request.orderId(), line.sku())));
    }
    var sold = new SoldGoods(goods, goods.lock(keys));
    var skus = keys.stream().map(OrderGoods.Key::sku).collect(Collectors.toSet());
    var damaged = shipments.damaged(tries.stream().map(ReturnGoods::orderId).distinct().toList());
    return new Batch(sold, damaged, new StockMovements(stock, notice, stock.lock(skus)));
  }

  private record Batch(SoldGoods sold, Map<UUID, String> damaged, StockMovements movements)
      implements Reservations<ReturnGoods, Nothing> {

    @Override
    public TryOutcome<Nothing> hold(SagaId saga, ReturnGoods request) {
      StockHold hold;
      try {
        hold = StockHold.of(request.lines());
      } catch (IllegalArgumentException e) {
        return new TryOutcome.Refused<>(
            Reason.of(Code.INVALID_REQUEST, String.valueOf(e.getMessage())));
      }
      var refusal = sold.takeBack(request.orderId(), hold);
      if (refusal != null) {
        return new TryOutcome.Refused<>(refusal);
      }
      String broken = damaged.get(request.orderId());
      hold.quantities()
          .forEach(
              (sku, quantity) ->
                  movements.move(
                      saga,
                      sku.equals(broken) ? Operation.WRITE_OFF : Operation.RETURN,
                      sku,
                      quantity));
      return new TryOutcome.Settled<>(null);
    }

    @Override
    public ConfirmOutcome confirm(SagaId saga, Nothing hold) {
      throw new IllegalStateException("a return is done when it is done: " + saga);
    }

    @Override
    public CancelOutcome cancel(SagaId saga, Nothing hold) {
      throw new IllegalStateException("a return is never undone: " + saga);
    }

    @Override
    public void save() {
      sold.save();
      movements.save();
    }
  }
}
