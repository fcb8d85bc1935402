package io.holdfast.inventory;

import io.holdfast.contracts.ParticipantContract;
import io.holdfast.contracts.inventory.HoldStock;
import io.holdfast.contracts.inventory.InventoryContract;
import io.holdfast.participant.testing.ParticipantContractTest;
import io.holdfast.testing.HoldfastTest;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Tag;
import org.springframework.beans.factory.annotation.Autowired;

@HoldfastTest("spring.config.name=inventory-service")
@Tag("R-I3")
class InventoryParticipantIT extends ParticipantContractTest<HoldStock> {

  @Autowired private StockStore store;
  @Autowired private StockDesk desk;

  @Override
  protected ParticipantContract<HoldStock> contract() {
    return InventoryContract.INVENTORY;
  }

  @Override
  protected Resource<HoldStock> resource(long units) {
    var goods = new Goods("SKU-" + UUID.randomUUID());
    goods.supply(units);
    return goods;
  }

  @Override
  protected int domainStatementsPerBatch() {
    return 3;
  }

  private final class Goods implements Resource<HoldStock> {

    private final String sku;

    Goods(String sku) {
      this.sku = sku;
    }

    @Override
    public HoldStock request(long units) {
      return new HoldStock(List.of(new HoldStock.Line(sku, units)));
    }

    @Override
    public void supply(long units) {
      desk.receive(sku, new StockDesk.Receipt(units, UUID.randomUUID().toString(), "test"));
    }

    @Override
    public long held() {
      return store.find(sku).orElseThrow().held();
    }

    @Override
    public long taken() {
      return store.find(sku).orElseThrow().sold();
    }
  }
}
