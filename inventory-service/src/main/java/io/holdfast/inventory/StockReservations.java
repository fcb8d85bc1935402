package io.holdfast.inventory;

import io.holdfast.contracts.Code;
import io.holdfast.contracts.Reason;
import io.holdfast.contracts.SagaId;
import io.holdfast.contracts.inventory.HoldStock;
import io.holdfast.participant.CancelOutcome;
import io.holdfast.participant.ConfirmOutcome;
import io.holdfast.participant.Reservations;
import io.holdfast.participant.TryOutcome;
import org.jspecify.annotations.Nullable;

/**
 * What one batch sets aside, takes and gives back. Orders are admitted in their order against what
 * is left, each whole or not at all; one that is refused leaves what is left to those behind it.
 */
final class StockReservations implements Reservations<HoldStock, StockHold> {

  private final StockMovements movements;
  private final StockMetrics metrics;

  StockReservations(StockMovements movements, StockMetrics metrics) {
    this.movements = movements;
    this.metrics = metrics;
  }

  @Override
  public TryOutcome<StockHold> hold(SagaId saga, HoldStock request) {
    StockHold hold;
    try {
      hold = StockHold.of(request.lines());
    } catch (IllegalArgumentException e) {
      return refused(Reason.of(Code.INVALID_REQUEST, String.valueOf(e.getMessage())));
    }
    for (var line : hold.quantities().entrySet()) {
      var refusal = refusal(line.getKey(), line.getValue());
      if (refusal != null) {
        return refused(refusal);
      }
    }
    movements.move(saga, StockEntry.Operation.HOLD, hold);
    return new TryOutcome.Held<>(hold, null);
  }

  private @Nullable Reason refusal(String sku, long quantity) {
    var stock = movements.stock(sku);
    if (stock == null) {
      return Reason.of(Code.UNKNOWN_SKU, "unknown SKU: " + sku);
    }
    if (!stock.active()) {
      return Reason.of(Code.GOODS_INACTIVE, "not for sale: " + sku);
    }
    if (stock.reservable() < quantity) {
      return Reason.of(Code.INSUFFICIENT_STOCK, "insufficient stock: " + sku);
    }
    return null;
  }

  private TryOutcome<StockHold> refused(Reason reason) {
    metrics.refused(reason.code());
    return new TryOutcome.Refused<>(reason);
  }

  @Override
  public ConfirmOutcome confirm(SagaId saga, StockHold hold) {
    movements.move(saga, StockEntry.Operation.CONFIRM, hold);
    return new ConfirmOutcome.Confirmed();
  }

  @Override
  public CancelOutcome cancel(SagaId saga, StockHold hold) {
    movements.move(saga, StockEntry.Operation.CANCEL, hold);
    return new CancelOutcome.Cancelled();
  }

  @Override
  public void save() {
    movements.save();
  }
}
