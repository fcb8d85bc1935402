package io.holdfast.inventory;

import io.holdfast.contracts.Code;
import io.holdfast.contracts.ParticipantContract;
import io.holdfast.contracts.Reason;
import io.holdfast.contracts.SagaId;
import io.holdfast.contracts.inventory.InventoryContract;
import io.holdfast.contracts.inventory.PickGoods;
import io.holdfast.inventory.ShipmentStore.Change;
import io.holdfast.inventory.ShipmentStore.NewShipment;
import io.holdfast.participant.CancelOutcome;
import io.holdfast.participant.ConfirmOutcome;
import io.holdfast.participant.Participant;
import io.holdfast.participant.Reservations;
import io.holdfast.participant.TryOutcome;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;

/**
 * Taking sold goods off the shelves as a step of a saga, undone by putting them back. Commands only
 * say what is wanted; the worker has the warehouse do it.
 */
final class PickingParticipant implements Participant<PickGoods, ShipmentHold> {

  private final ShipmentStore shipments;
  private final OrderGoodsStore goods;
  private final ShipmentWorker worker;

  PickingParticipant(ShipmentStore shipments, OrderGoodsStore goods, ShipmentWorker worker) {
    this.shipments = shipments;
    this.goods = goods;
    this.worker = worker;
  }

  @Override
  public ParticipantContract<PickGoods> contract() {
    return InventoryContract.PICKING;
  }

  @Override
  public Class<ShipmentHold> holdType() {
    return ShipmentHold.class;
  }

  @Override
  public Reservations<PickGoods, ShipmentHold> open(
      Collection<PickGoods> tries, Collection<ShipmentHold> holds) {
    var states = new TreeMap<UUID, ShipmentState>();
    shipments
        .loadLocked(holds.stream().map(ShipmentHold::sagaId).toList())
        .forEach(shipment -> states.put(shipment.sagaId().value(), shipment.state()));
    var keys = new TreeSet<OrderGoods.Key>();
    for (var request : tries) {
      request.lines().forEach(line -> keys.add(new OrderGoods.Key(request.orderId(), line.sku())));
    }
    return new Batch(states, new SoldGoods(goods, goods.lock(keys)));
  }

  private final class Batch implements Reservations<PickGoods, ShipmentHold> {

    private final Map<UUID, ShipmentState> stored;
    private final SoldGoods sold;
    private final Map<UUID, NewShipment> added = new LinkedHashMap<>();
    private final Map<UUID, ShipmentState> wanted = new HashMap<>();

    Batch(Map<UUID, ShipmentState> stored, SoldGoods sold) {
      this.stored = stored;
      this.sold = sold;
    }

    @Override
    public TryOutcome<ShipmentHold> hold(SagaId saga, PickGoods request) {
      StockHold hold;
      try {
        hold = StockHold.of(request.lines());
      } catch (IllegalArgumentException e) {
        return new TryOutcome.Refused<>(
            Reason.of(Code.INVALID_REQUEST, String.valueOf(e.getMessage())));
      }
      var refusal = sold.pick(request.orderId(), hold);
      if (refusal != null) {
        return new TryOutcome.Refused<>(refusal);
      }
      added.put(
          saga.value(), new NewShipment(saga, request.orderId(), hold, ShipmentState.PICKING));
      return new TryOutcome.Pending<>(new ShipmentHold(saga.value()));
    }

    @Override
    public ConfirmOutcome confirm(SagaId saga, ShipmentHold hold) {
      if (stateOf(saga) != ShipmentState.PICKED) {
        throw new IllegalStateException("saga %s keeps what is %s".formatted(saga, stateOf(saga)));
      }
      wanted.put(saga.value(), ShipmentState.READY);
      return new ConfirmOutcome.Confirmed();
    }

    @Override
    public CancelOutcome cancel(SagaId saga, ShipmentHold hold) {
      var fresh = added.get(saga.value());
      if (fresh != null) {
        added.put(
            saga.value(),
            new NewShipment(saga, fresh.orderId(), fresh.hold(), ShipmentState.PUTTING_BACK));
      } else {
        wanted.put(saga.value(), ShipmentState.PUTTING_BACK);
      }
      return new CancelOutcome.Pending();
    }

    private ShipmentState stateOf(SagaId saga) {
      var state = stored.get(saga.value());
      if (state == null) {
        throw new IllegalStateException(
            "no shipment of saga " + saga + ", though its fence has one");
      }
      return state;
    }

    @Override
    public void save() {
      sold.save();
      shipments.insert(new ArrayList<>(added.values()));
      shipments.change(
          wanted.entrySet().stream()
              .map(
                  change -> {
                    var saga = new SagaId(change.getKey());
                    return new Change(saga, stateOf(saga), change.getValue());
                  })
              .toList());
      if (!added.isEmpty() || !wanted.isEmpty()) {
        worker.wakeUp();
      }
    }
  }
}
