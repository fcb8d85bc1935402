package io.holdfast.inventory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.holdfast.contracts.SagaId;
import io.holdfast.contracts.inventory.HoldStock;
import io.holdfast.contracts.inventory.HoldStock.Line;
import io.holdfast.contracts.inventory.InventoryContract;
import io.holdfast.inventory.StockAuditor.Difference;
import io.holdfast.inventory.StockAuditor.Report;
import io.holdfast.messaging.BatchConsumers;
import io.holdfast.participant.testing.CommandDriver;
import io.holdfast.testing.HoldfastTest;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.jdbc.core.simple.JdbcClient;

@HoldfastTest({"spring.config.name=inventory-service", "holdfast.inventory.check.every=200ms"})
@Tag("R-I4")
class StockCheckIT {

  @LocalServerPort private int port;
  @Autowired private BatchConsumers consumers;
  @Autowired private JdbcClient jdbc;
  @Autowired private MeterRegistry metrics;

  private InventoryApi api;
  private CommandDriver<HoldStock> driver;

  @BeforeEach
  void connect() {
    api = new InventoryApi(port);
    driver = new CommandDriver<>(InventoryContract.INVENTORY, consumers, jdbc);
  }

  private static final String BEND =
      """
      update stock set available = available + ?, received = received + ?
      where sku = ?
      """;

  @Test
  void findsStockThatItsEntriesDoNotExplainAndCountsIt() {
    var sku = busyGood();
    var before = check(sku);
    double failuresBefore = failures();

    jdbc.sql(BEND).params(1, 1, sku).update();
    var found = check(sku);
    Awaitility.await("the check that runs by itself")
        .atMost(Duration.ofSeconds(20))
        .until(() -> failures() >= failuresBefore + 2);
    jdbc.sql(BEND).params(-1, -1, sku).update();

    assertThat(before.goods()).isEqualTo(1);
    assertThat(before.entries()).isEqualTo(5);
    assertThat(before.differences()).isEmpty();
    assertThat(found.differences())
        .containsExactly(
            new Difference(sku, "available", 5, 4), new Difference(sku, "received", 11, 10));
    assertThat(check(sku).differences()).isEmpty();
  }

  private static final String HOLD_MORE =
      """
      update stock set available = available - 1, held = held + 1
      where sku = ?
      """;

  private static final String ENTER_HOLD =
      """
      insert into stock_entry (cause_id, operation, sku, available_delta, held_delta, sold_delta, received_delta)
      values (uuidv7(), 'HOLD', ?, -1, 1, 0, 0)
      """;

  @Test
  void findsHeldStockThatNoReservationHolds() {
    var sku = busyGood();

    jdbc.sql(HOLD_MORE).param(sku).update();
    jdbc.sql(ENTER_HOLD).param(sku).update();

    assertThat(check(sku).differences()).containsExactly(new Difference(sku, "reserved", 4, 3));
  }

  @Test
  void goesThroughAllGoodsPageByPage() {
    for (int i = 0; i < 5; i++) {
      api.newGood(1);
    }
    var checked = new ArrayList<Long>();

    String next = "";
    while (next != null) {
      var report = api.post("/stock/checks?limit=2&after=" + next, "").as(Report.class);
      checked.add(report.goods());
      next = report.next();
    }

    assertThat(checked.stream().mapToLong(count -> count).sum())
        .isEqualTo(jdbc.sql("select count(*) from stock").query(Long.class).single());
  }

  @Test
  @Tag("R-I1")
  void databaseItselfRefusesStockThatDoesNotAddUpOrIsOversold() {
    var sku = api.newGood(1);

    assertThatThrownBy(
            () -> jdbc.sql("update stock set available = 2 where sku = ?").param(sku).update())
        .isInstanceOf(DataIntegrityViolationException.class)
        .hasMessageContaining("stock_conserved");
    assertThatThrownBy(
            () ->
                jdbc.sql("update stock set available = -1, held = 2 where sku = ?")
                    .param(sku)
                    .update())
        .isInstanceOf(DataIntegrityViolationException.class)
        .hasMessageContaining("stock_not_oversold");
    assertThatThrownBy(
            () ->
                jdbc.sql("update stock_entry set available_delta = 2 where sku = ?")
                    .param(sku)
                    .update())
        .hasRootCauseMessage("ERROR: permission denied for table stock_entry");
  }

  /** 10 received, 1 lost, 3 held, 2 sold. */
  private String busyGood() {
    var sku = api.newGood(10);
    api.adjust(sku, -1, "lost");
    hold(sku, 3);
    var sold = hold(sku, 2);
    driver.ask(driver.confirm(sold));
    return sku;
  }

  private SagaId hold(String sku, long quantity) {
    var saga = CommandDriver.newSaga();
    driver.ask(driver.tryIt(saga, new HoldStock(List.of(new Line(sku, quantity)))));
    return saga;
  }

  /** The good alone: the one behind the greatest text that is less. */
  private Report check(String sku) {
    var before = sku.substring(0, sku.length() - 1);
    return api.post("/stock/checks?limit=1&after=" + before, "").as(Report.class);
  }

  private double failures() {
    return metrics.counter("stock.conservation.check.failures").count();
  }
}
