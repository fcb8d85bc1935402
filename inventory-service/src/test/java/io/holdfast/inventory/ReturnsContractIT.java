package io.holdfast.inventory;

import io.holdfast.contracts.ParticipantContract;
import io.holdfast.contracts.inventory.HoldStock.Line;
import io.holdfast.contracts.inventory.InventoryContract;
import io.holdfast.contracts.inventory.ReturnGoods;
import io.holdfast.testing.HoldfastTest;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Tag;
import org.springframework.beans.factory.annotation.Autowired;

/** Returning is a participant like every other. */
@HoldfastTest("spring.config.name=inventory-service")
@Tag("R-I3")
class ReturnsContractIT extends SoldGoodsContract<ReturnGoods> {

  @Autowired private StockStore store;

  @Override
  protected ParticipantContract<ReturnGoods> contract() {
    return InventoryContract.RETURNS;
  }

  @Override
  protected boolean settles() {
    return true;
  }

  /**
   * Goods of orders: make known, lock, update. Damaged ones: read. Stock: lock, update, insert
   * entries.
   */
  @Override
  protected int domainStatementsPerBatch() {
    return 7;
  }

  @Override
  ReturnGoods request(UUID orderId, Line line) {
    return new ReturnGoods(orderId, List.of(line));
  }

  @Override
  long held(UUID orderId, String sku) {
    return 0;
  }

  /** Nothing but returns is available: all that was received was sold. */
  @Override
  long taken(UUID orderId, String sku) {
    return store.find(sku).orElseThrow().available();
  }
}
