package io.holdfast.inventory;

import io.holdfast.contracts.inventory.HoldStock;
import io.holdfast.contracts.inventory.HoldStock.Line;
import io.holdfast.contracts.inventory.InventoryContract;
import io.holdfast.messaging.BatchConsumers;
import io.holdfast.participant.testing.CommandDriver;
import java.util.List;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Sells goods, so that there are orders to fulfil and to return. */
final class Sales {

  private final StockDesk desk;
  private final CommandDriver<HoldStock> driver;

  Sales(StockDesk desk, BatchConsumers consumers, JdbcClient jdbc) {
    this.desk = desk;
    this.driver = new CommandDriver<>(InventoryContract.INVENTORY, consumers, jdbc);
  }

  /** Receives and sells {@code quantity} pieces; returns the order. */
  UUID order(String sku, long quantity) {
    desk.receive(sku, new StockDesk.Receipt(quantity, UUID.randomUUID().toString(), "test"));
    return order(List.of(new Line(sku, quantity)));
  }

  /** Sells what is there. */
  UUID order(List<Line> lines) {
    var order = CommandDriver.newSaga();
    driver.deliver(driver.tryIt(order, new HoldStock(lines)), driver.confirm(order));
    return order.value();
  }
}
