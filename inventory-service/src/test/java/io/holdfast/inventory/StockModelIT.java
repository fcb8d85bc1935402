package io.holdfast.inventory;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.contracts.ParticipantContract;
import io.holdfast.contracts.inventory.HoldStock;
import io.holdfast.contracts.inventory.InventoryContract;
import io.holdfast.participant.testing.ParticipantModelTest;
import io.holdfast.testing.HoldfastTest;
import java.util.ArrayList;
import java.util.UUID;
import org.junit.jupiter.api.Tag;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;

@HoldfastTest("spring.config.name=inventory-service")
@Tag("R-I1")
class StockModelIT extends ParticipantModelTest<HoldStock> {

  @Autowired private StockStore store;
  @Autowired private StockDesk desk;
  @Autowired private JdbcClient jdbc;

  @Override
  protected ParticipantContract<HoldStock> contract() {
    return InventoryContract.INVENTORY;
  }

  @Override
  protected void supply(String resource, long units) {
    desk.receive(resource, new StockDesk.Receipt(units, UUID.randomUUID().toString(), "test"));
  }

  /** A quantity above 1 comes as two lines of the same SKU, which add up. */
  @Override
  protected HoldStock request(Demand demand) {
    var lines = new ArrayList<HoldStock.Line>();
    demand
        .units()
        .forEach(
            (sku, quantity) -> {
              lines.add(new HoldStock.Line(sku, 1));
              if (quantity > 1) {
                lines.add(new HoldStock.Line(sku, quantity - 1));
              }
            });
    return new HoldStock(lines);
  }

  @Override
  protected Units observe(String resource) {
    var stock = store.find(resource).orElseThrow();
    return new Units(stock.available(), stock.held(), stock.sold());
  }

  @Override
  protected int resourcesPerTry() {
    return 4;
  }

  @Override
  protected boolean allowsPartial() {
    return false;
  }

  private static final String DIFFERING_STOCKS =
      """
      select count(*)
      from stock
      join (
        select sku, sum(available_delta) available, sum(held_delta) held, sum(sold_delta) sold,
          coalesce(sum(received_delta) filter (where operation = 'RECEIVE'), 0) received,
          coalesce(sum(received_delta) filter (where operation = 'ADJUST'), 0) adjusted
        from stock_entry
        group by sku
      ) journal using (sku)
      where (stock.available, stock.held, stock.sold, stock.received, stock.adjusted) is distinct from
        (journal.available, journal.held, journal.sold, journal.received, journal.adjusted)
      """;

  private static final String HELD_DIFFERENCE =
      """
      select (select coalesce(sum(held), 0) from stock)
        - (select coalesce(sum(line.value::bigint), 0)
           from participant_fence, jsonb_each_text(hold->'quantities') line
           where step = 'inventory' and state = 'TRIED')
      """;

  @Override
  protected void checkJournal() {
    assertThat(jdbc.sql(DIFFERING_STOCKS).query(Long.class).single()).isZero();
    assertThat(jdbc.sql(HELD_DIFFERENCE).query(Long.class).single()).isZero();
  }
}
