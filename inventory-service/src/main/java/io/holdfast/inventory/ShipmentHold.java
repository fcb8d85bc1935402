package io.holdfast.inventory;

import java.util.UUID;

/**
 * What the fence remembers of a shipment: where its row is.
 *
 * @param sagaId key of the shipment
 */
record ShipmentHold(UUID sagaId) {}
