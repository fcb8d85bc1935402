package io.holdfast.order;

import io.holdfast.messaging.TraceParent;
import io.holdfast.messaging.UuidV7;
import java.util.List;
import java.util.UUID;

/** Placements for tests. */
final class Placements {

  private Placements() {}

  static Placement of(String sku, long quantity) {
    return of(UUID.randomUUID(), UUID.randomUUID().toString(), sku, quantity);
  }

  static Placement ofCart(UUID customerId, String key) {
    return new Placement(
        UuidV7.next(), customerId, key, List.of(), true, null, null, TraceParent.random());
  }

  static Placement of(UUID customerId, String key, String sku, long quantity) {
    return new Placement(
        UuidV7.next(),
        customerId,
        key,
        List.of(new Placement.Line(sku, quantity)),
        false,
        null,
        null,
        TraceParent.random());
  }
}
