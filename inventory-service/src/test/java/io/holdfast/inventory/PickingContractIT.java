package io.holdfast.inventory;

import io.holdfast.contracts.ParticipantContract;
import io.holdfast.contracts.inventory.HoldStock.Line;
import io.holdfast.contracts.inventory.InventoryContract;
import io.holdfast.contracts.inventory.PickGoods;
import io.holdfast.messaging.BatchConsumers;
import io.holdfast.participant.testing.ParticipantContractTest;
import io.holdfast.testing.HoldfastTest;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Tag;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Picking is a participant like every other. Its resource is what was sold to an order. */
@HoldfastTest({
  "spring.config.name=inventory-service",
  "holdfast.inventory.warehouse.delay=1ms",
  "holdfast.inventory.warehouse.failure-share=0.2",
  "holdfast.inventory.warehouse.lost-answer-share=0.2",
  "holdfast.inventory.fulfilment.first-retry-after=1ms"
})
@Tag("R-I3")
class PickingContractIT extends ParticipantContractTest<PickGoods> {

  @Autowired private StockDesk desk;
  @Autowired private BatchConsumers consumers;
  @Autowired private JdbcClient jdbc;

  @Override
  protected ParticipantContract<PickGoods> contract() {
    return InventoryContract.PICKING;
  }

  @Override
  protected boolean isAsynchronous() {
    return true;
  }

  /** What is put back is there for others only once it is back. */
  @Override
  protected boolean isShared() {
    return false;
  }

  /** Shipments: load, insert, change. Goods of orders: make known, lock, update. */
  @Override
  protected int domainStatementsPerBatch() {
    return 6;
  }

  @Override
  protected Resource<PickGoods> resource(long units) {
    var sku = InventoryApi.newSku();
    return new Order(jdbc, sku, new Sales(desk, consumers, jdbc).order(sku, units));
  }

  /** An order whose goods can be picked. */
  private record Order(JdbcClient jdbc, String sku, UUID orderId) implements Resource<PickGoods> {

    @Override
    public PickGoods request(long units) {
      return new PickGoods(orderId, List.of(new Line(sku, units)));
    }

    @Override
    public void supply(long units) {}

    @Override
    public long held() {
      return sum("PICKING,PICKED");
    }

    @Override
    public long taken() {
      return sum("READY");
    }

    private static final String SUM =
        """
        select coalesce(sum((quantities ->> ?)::bigint), 0) from shipment
        where order_id = ? and state = any (string_to_array(?, ','))
        """;

    private long sum(String states) {
      return jdbc.sql(SUM).params(sku, orderId, states).query(Long.class).single();
    }
  }
}
