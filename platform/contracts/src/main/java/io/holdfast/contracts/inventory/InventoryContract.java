package io.holdfast.contracts.inventory;

import io.holdfast.contracts.ParticipantContract;
import java.time.Duration;

/** The inventory service's participants and events. */
public final class InventoryContract {

  /** Written by the inventory service: what happened to stock. */
  public static final String EVENTS_TOPIC = "inventory.events";

  /** Body: {@link LowStock}. The envelope's id is that of the saga or change that made it low. */
  public static final String LOW_STOCK_TYPE = "io.holdfast.inventory.low-stock.v1";

  private static final String COMMANDS = "inventory.commands";
  private static final String REPLIES = "inventory.replies";

  /** Sets stock aside, sells it, gives it back. */
  public static final ParticipantContract<HoldStock> INVENTORY =
      new ParticipantContract<>(
          "inventory",
          COMMANDS,
          REPLIES,
          "io.holdfast.inventory.hold-stock.v1",
          "io.holdfast.inventory.confirm-stock.v1",
          "io.holdfast.inventory.cancel-stock.v1",
          HoldStock.class,
          Duration.ofMinutes(10));

  /** Takes sold goods off the shelves; undone by putting them back. */
  public static final ParticipantContract<PickGoods> PICKING =
      new ParticipantContract<>(
          "picking",
          COMMANDS,
          REPLIES,
          "io.holdfast.inventory.pick-goods.v1",
          "io.holdfast.inventory.keep-picked.v1",
          "io.holdfast.inventory.put-back.v1",
          PickGoods.class,
          Duration.ofHours(24));

  /** Hands picked goods to the carrier: retried until it is done, never undone. */
  public static final ParticipantContract<ShipGoods> SHIPPING =
      new ParticipantContract<>(
          "shipping",
          COMMANDS,
          REPLIES,
          "io.holdfast.inventory.ship-goods.v1",
          "io.holdfast.inventory.keep-shipped.v1",
          "io.holdfast.inventory.recall-shipped.v1",
          ShipGoods.class,
          Duration.ofHours(24));

  /** Takes sold goods back into stock: retried until it is done, never undone. */
  public static final ParticipantContract<ReturnGoods> RETURNS =
      new ParticipantContract<>(
          "returns",
          COMMANDS,
          REPLIES,
          "io.holdfast.inventory.return-goods.v1",
          "io.holdfast.inventory.keep-returned.v1",
          "io.holdfast.inventory.recall-returned.v1",
          ReturnGoods.class,
          Duration.ofMinutes(10));

  private InventoryContract() {}
}
