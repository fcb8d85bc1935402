package io.holdfast.inventory;

import io.holdfast.contracts.SagaId;
import java.time.Instant;
import java.util.SortedMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One saga's shipment.
 *
 * @param quantities pieces by SKU
 * @param underWay whether the warehouse has been asked, and its answer is not in
 * @param attempts since it is in this state
 * @param version changes with each claim, so that a late answer is known as such
 * @param damagedSku which good could not be picked
 * @param trackingCode by which the carrier knows the parcel
 * @param lastError what went wrong last
 * @param nextActionAt when the warehouse is asked (again); null if nothing is to be done
 */
record Shipment(
    SagaId sagaId,
    UUID orderId,
    SortedMap<String, Long> quantities,
    ShipmentState state,
    boolean underWay,
    int attempts,
    long version,
    @Nullable String damagedSku,
    @Nullable String trackingCode,
    @Nullable String lastError,
    @Nullable Instant nextActionAt,
    Instant createdAt,
    Instant changedAt) {

  /** How it goes on when the warehouse has answered {@code asked}. */
  Shipment answered(ShipmentState asked, WarehouseAnswer answer) {
    if (asked != state) {
      // Something else is wanted since: all that matters is that the call is over.
      return with(state, 0, damagedSku, trackingCode, lastError);
    }
    return switch (answer) {
      case WarehouseAnswer.Picked _ -> with(ShipmentState.PICKED, 0, null, null, null);
      case WarehouseAnswer.Damaged(var sku) -> with(ShipmentState.DAMAGED, 0, sku, null, null);
      case WarehouseAnswer.PutBack _ -> with(ShipmentState.PUT_BACK, 0, damagedSku, null, null);
      case WarehouseAnswer.Shipped(var code) -> with(ShipmentState.SHIPPED, 0, null, code, null);
      case WarehouseAnswer.Unknown(var detail) ->
          with(state, attempts, damagedSku, trackingCode, detail);
    };
  }

  private Shipment with(
      ShipmentState next,
      int attempts,
      @Nullable String damagedSku,
      @Nullable String trackingCode,
      @Nullable String lastError) {
    return new Shipment(
        sagaId,
        orderId,
        quantities,
        next,
        false,
        attempts,
        version,
        damagedSku,
        trackingCode,
        lastError,
        nextActionAt,
        createdAt,
        changedAt);
  }
}
