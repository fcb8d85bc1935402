package io.holdfast.inventory;

import io.holdfast.contracts.ParticipantContract;
import io.holdfast.contracts.inventory.HoldStock.Line;
import io.holdfast.contracts.inventory.InventoryContract;
import io.holdfast.contracts.inventory.ReturnGoods;
import io.holdfast.messaging.BatchConsumers;
import io.holdfast.participant.testing.ParticipantContractTest;
import io.holdfast.testing.HoldfastTest;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Tag;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Returning is a participant like every other. Its resource is what was sold to an order. */
@HoldfastTest("spring.config.name=inventory-service")
@Tag("R-I3")
class ReturnsContractIT extends ParticipantContractTest<ReturnGoods> {

  @Autowired private StockDesk desk;
  @Autowired private StockStore store;
  @Autowired private BatchConsumers consumers;
  @Autowired private JdbcClient jdbc;

  @Override
  protected ParticipantContract<ReturnGoods> contract() {
    return InventoryContract.RETURNS;
  }

  @Override
  protected boolean settles() {
    return true;
  }

  @Override
  protected boolean isShared() {
    return false;
  }

  /** Goods of orders: make known, lock, update. Stock: lock, update, insert entries. */
  @Override
  protected int domainStatementsPerBatch() {
    return 6;
  }

  @Override
  protected Resource<ReturnGoods> resource(long units) {
    var sku = InventoryApi.newSku();
    return new Order(store, sku, new Sales(desk, consumers, jdbc).order(sku, units));
  }

  /** An order whose goods can come back. */
  private record Order(StockStore store, String sku, UUID orderId)
      implements Resource<ReturnGoods> {

    @Override
    public ReturnGoods request(long units) {
      return new ReturnGoods(orderId, List.of(new Line(sku, units)));
    }

    @Override
    public void supply(long units) {}

    @Override
    public long held() {
      return 0;
    }

    /** Nothing but returns is available: all that was received was sold. */
    @Override
    public long taken() {
      return store.find(sku).orElseThrow().available();
    }
  }
}
