package io.holdfast.inventory;

import io.holdfast.contracts.Code;
import io.holdfast.web.Problem;
import jakarta.validation.Valid;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

/** HTTP API of shipments and of the simulated warehouse. */
@RestController
class ShipmentController {

  private final ShipmentStore store;
  private final SimulatedWarehouse warehouse;

  ShipmentController(ShipmentStore store, SimulatedWarehouse warehouse) {
    this.store = store;
    this.warehouse = warehouse;
  }

  /**
   * A shipment.
   *
   * @param sagaId the saga that sends it
   * @param quantities pieces by SKU
   * @param attempts how often the warehouse was asked since it is in this state
   * @param nextActionAt when it is asked (again); null if nothing is to be done
   */
  record ShipmentBody(
      UUID sagaId,
      UUID orderId,
      String state,
      Map<String, Long> quantities,
      @Nullable String trackingCode,
      @Nullable String damagedSku,
      int attempts,
      @Nullable String lastError,
      @Nullable Instant nextActionAt,
      Instant createdAt,
      Instant changedAt) {

    static ShipmentBody of(Shipment shipment) {
      return new ShipmentBody(
          shipment.sagaId().value(),
          shipment.orderId(),
          shipment.state().name(),
          shipment.quantities(),
          shipment.trackingCode(),
          shipment.damagedSku(),
          shipment.attempts(),
          shipment.lastError(),
          shipment.nextActionAt(),
          shipment.createdAt(),
          shipment.changedAt());
    }
  }

  /**
   * An order's shipments, the newest first.
   *
   * @param shipments at least one
   */
  record OrderShipments(UUID orderId, List<ShipmentBody> shipments) {}

  @GetMapping("/shipments/{orderId}")
  OrderShipments shipments(@PathVariable UUID orderId) {
    var shipments = store.ofOrder(orderId).stream().map(ShipmentBody::of).toList();
    if (shipments.isEmpty()) {
      throw Problem.of(Code.UNKNOWN_SHIPMENT, orderId);
    }
    return new OrderShipments(orderId, shipments);
  }

  /**
   * The simulated warehouse.
   *
   * @param settings how it behaves
   * @param backlog what it has to do: shipments by state
   */
  record WarehouseBody(WarehouseSettings settings, Map<String, ShipmentStore.Backlog> backlog) {}

  @GetMapping("/warehouse")
  WarehouseBody warehouse() {
    return new WarehouseBody(warehouse.settings(), store.backlog());
  }

  /** Makes it behave so until the service starts again. */
  @PutMapping("/warehouse")
  WarehouseBody behave(@RequestBody @Valid WarehouseSettings settings) {
    warehouse.behave(settings);
    return warehouse();
  }
}
