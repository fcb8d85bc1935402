package io.holdfast.inventory;

import io.holdfast.contracts.Code;
import io.holdfast.contracts.ParticipantContract;
import io.holdfast.contracts.Reason;
import io.holdfast.contracts.SagaId;
import io.holdfast.contracts.inventory.InventoryContract;
import io.holdfast.contracts.inventory.ShipGoods;
import io.holdfast.inventory.ShipmentStore.Change;
import io.holdfast.participant.CancelOutcome;
import io.holdfast.participant.ConfirmOutcome;
import io.holdfast.participant.Participant;
import io.holdfast.participant.Reservations;
import io.holdfast.participant.TryOutcome;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Handing picked goods to the carrier as a step of a saga: retried until it is done, never undone.
 */
final class ShippingParticipant implements Participant<ShipGoods, ShipmentHold> {

  private final ShipmentStore shipments;
  private final ShipmentWorker worker;

  ShippingParticipant(ShipmentStore shipments, ShipmentWorker worker) {
    this.shipments = shipments;
    this.worker = worker;
  }

  @Override
  public ParticipantContract<ShipGoods> contract() {
    return InventoryContract.SHIPPING;
  }

  @Override
  public Class<ShipmentHold> holdType() {
    return ShipmentHold.class;
  }

  @Override
  public Reservations<ShipGoods, ShipmentHold> open(
      Collection<ShipGoods> tries, Collection<ShipmentHold> holds) {
    var orders = tries.stream().map(ShipGoods::orderId).distinct().toList();
    var ready = new HashMap<SagaId, Shipment>();
    shipments.loadReady(orders).forEach(shipment -> ready.put(shipment.sagaId(), shipment));
    return new Batch(ready);
  }

  private final class Batch implements Reservations<ShipGoods, ShipmentHold> {

    private final Map<SagaId, Shipment> ready;
    private final List<Change> changes = new ArrayList<>();

    Batch(Map<SagaId, Shipment> ready) {
      this.ready = ready;
    }

    @Override
    public TryOutcome<ShipmentHold> hold(SagaId saga, ShipGoods request) {
      var shipment = ready.get(saga);
      if (shipment == null || !shipment.orderId().equals(request.orderId())) {
        return new TryOutcome.Refused<>(
            Reason.of(Code.NOT_PICKED, "this saga has picked nothing for the order"));
      }
      changes.add(new Change(saga, ShipmentState.READY, ShipmentState.SHIPPING));
      return new TryOutcome.Pending<>(new ShipmentHold(saga.value()));
    }

    @Override
    public ConfirmOutcome confirm(SagaId saga, ShipmentHold hold) {
      throw new IllegalStateException("a shipment is done when it is done: " + saga);
    }

    @Override
    public CancelOutcome cancel(SagaId saga, ShipmentHold hold) {
      throw new IllegalStateException("a shipment is never undone: " + saga);
    }

    @Override
    public void save() {
      shipments.change(changes);
      if (!changes.isEmpty()) {
        worker.wakeUp();
      }
    }
  }
}
