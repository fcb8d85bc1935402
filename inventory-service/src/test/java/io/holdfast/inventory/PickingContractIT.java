package io.holdfast.inventory;

import io.holdfast.contracts.ParticipantContract;
import io.holdfast.contracts.inventory.HoldStock.Line;
import io.holdfast.contracts.inventory.InventoryContract;
import io.holdfast.contracts.inventory.PickGoods;
import io.holdfast.testing.HoldfastTest;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Tag;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Picking is a participant like every other. What is put back is for others only once it is back.
 */
@HoldfastTest({
  "spring.config.name=inventory-service",
  "holdfast.inventory.warehouse.delay=1ms",
  "holdfast.inventory.warehouse.failure-share=0.2",
  "holdfast.inventory.warehouse.lost-answer-share=0.2",
  "holdfast.inventory.fulfilment.first-retry-after=1ms"
})
@Tag("R-I3")
class PickingContractIT extends SoldGoodsContract<PickGoods> {

  @Autowired private JdbcClient jdbc;

  @Override
  protected ParticipantContract<PickGoods> contract() {
    return InventoryContract.PICKING;
  }

  @Override
  protected boolean isAsynchronous() {
    return true;
  }

  /** Shipments: load, insert, change. Goods of orders: make known, lock, update. */
  @Override
  protected int domainStatementsPerBatch() {
    return 6;
  }

  @Override
  PickGoods request(UUID orderId, Line line) {
    return new PickGoods(orderId, List.of(line));
  }

  @Override
  long held(UUID orderId, String sku) {
    return sum(orderId, sku, "PICKING,PICKED");
  }

  @Override
  long taken(UUID orderId, String sku) {
    return sum(orderId, sku, "READY");
  }

  private static final String SUM =
      """
      select coalesce(sum((quantities ->> ?)::bigint), 0) from shipment
      where order_id = ? and state = any (string_to_array(?, ','))
      """;

  private long sum(UUID orderId, String sku, String states) {
    return jdbc.sql(SUM).params(sku, orderId, states).query(Long.class).single();
  }
}
