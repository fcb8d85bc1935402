package io.holdfast.contracts.inventory;

import io.holdfast.contracts.ParticipantContract;
import java.time.Duration;

/** The inventory service as a participant. */
public final class InventoryContract {

  public static final ParticipantContract<HoldStock> INVENTORY =
      new ParticipantContract<>(
          "inventory",
          "inventory.commands",
          "inventory.replies",
          "io.holdfast.inventory.hold-stock.v1",
          "io.holdfast.inventory.confirm-stock.v1",
          "io.holdfast.inventory.cancel-stock.v1",
          HoldStock.class,
          Duration.ofMinutes(10));

  private InventoryContract() {}
}
