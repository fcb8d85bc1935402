package io.holdfast.inventory;

import io.holdfast.contracts.inventory.HoldStock.Line;
import io.holdfast.messaging.BatchConsumers;
import io.holdfast.participant.testing.ParticipantContractTest;
import java.util.UUID;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;

/** What participants have in common whose resource is what was sold to an order. */
abstract class SoldGoodsContract<T> extends ParticipantContractTest<T> {

  @Autowired private StockDesk desk;
  @Autowired private BatchConsumers consumers;
  @Autowired private JdbcClient jdbc;

  /** A try for goods of an order. */
  abstract T request(UUID orderId, Line line);

  /** How much of a good of an order is held. */
  abstract long held(UUID orderId, String sku);

  /** How much of a good of an order is taken for good. */
  abstract long taken(UUID orderId, String sku);

  @Override
  protected boolean isShared() {
    return false;
  }

  @Override
  protected Resource<T> resource(long units) {
    var sku = InventoryApi.newSku();
    return new Order(sku, new Sales(desk, consumers, jdbc).order(sku, units));
  }

  private final class Order implements Resource<T> {
    private final String sku;
    private final UUID orderId;

    Order(String sku, UUID orderId) {
      this.sku = sku;
      this.orderId = orderId;
    }

    @Override
    public T request(long units) {
      return SoldGoodsContract.this.request(orderId, new Line(sku, units));
    }

    @Override
    public void supply(long units) {}

    @Override
    public long held() {
      return SoldGoodsContract.this.held(orderId, sku);
    }

    @Override
    public long taken() {
      return SoldGoodsContract.this.taken(orderId, sku);
    }
  }
}
