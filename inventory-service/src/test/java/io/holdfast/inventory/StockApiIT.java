package io.holdfast.inventory;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.contracts.inventory.HoldStock;
import io.holdfast.contracts.inventory.HoldStock.Line;
import io.holdfast.contracts.inventory.InventoryContract;
import io.holdfast.inventory.StockController.Statement;
import io.holdfast.inventory.StockController.StockBody;
import io.holdfast.messaging.BatchConsumers;
import io.holdfast.participant.testing.CommandDriver;
import io.holdfast.testing.HoldfastTest;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.jdbc.core.simple.JdbcClient;

@HoldfastTest("spring.config.name=inventory-service")
class StockApiIT {

  @LocalServerPort private int port;
  @Autowired private BatchConsumers consumers;
  @Autowired private JdbcClient jdbc;

  private InventoryApi api;
  private CommandDriver<HoldStock> driver;

  @BeforeEach
  void connect() {
    api = new InventoryApi(port);
    driver = new CommandDriver<>(InventoryContract.INVENTORY, consumers, jdbc);
  }

  @Test
  @Tag("R-I4")
  void sameReferenceIsReceivedOnce() {
    var sku = InventoryApi.newSku();
    var path = "/stock/" + sku + "/receipts";

    api.post(path, "{\"quantity\":5,\"reference\":\"d1\"}");
    var again = api.post(path, "{\"quantity\":5,\"reference\":\"d1\"}");
    var other = api.post(path, "{\"quantity\":6,\"reference\":\"d1\"}");

    assertThat(again.as(StockBody.class)).isEqualTo(new StockBody(sku, 5, 5, 0, 0, 5, 0));
    assertThat(other.status()).isEqualTo(422);
    assertThat(other.body())
        .contains("\"code\":\"IDEMPOTENCY_KEY_REUSED\"", "\"field\":\"reference\"");
  }

  @Test
  void namesTheFieldThatIsWrong() {
    var sku = InventoryApi.newSku();

    assertThat(
            api.post("/stock/" + sku + "/receipts", "{\"quantity\":0,\"reference\":\"d\"}").body())
        .contains("\"code\":\"INVALID_FIELD\"", "\"field\":\"quantity\"");
    assertThat(api.post("/stock/-bad/receipts", "{\"quantity\":1,\"reference\":\"d\"}").body())
        .contains("\"code\":\"INVALID_FIELD\"", "\"field\":\"sku\"");
    assertThat(
            api.post(
                    "/stock/" + sku + "/adjustments",
                    "{\"quantityDelta\":0,\"reason\":\"r\",\"reference\":\"d\"}")
                .body())
        .contains("\"code\":\"INVALID_FIELD\"", "\"field\":\"quantityDelta\"");
    assertThat(
            api.post("/stock/" + sku + "/adjustments", "{\"quantityDelta\":1,\"reference\":\"d\"}")
                .body())
        .contains("\"code\":\"INVALID_FIELD\"", "\"field\":\"reason\"");
    assertThat(api.put("/goods/" + sku, "{\"active\":true,\"backOrderLimit\":-1}").body())
        .contains("\"code\":\"INVALID_FIELD\"", "\"field\":\"backOrderLimit\"");
    assertThat(api.put("/goods/" + sku, "{\"lowStockAt\":1}").body())
        .contains("\"code\":\"INVALID_FIELD\"", "\"field\":\"active\"");
  }

  @Test
  void textsThatADatabaseCannotKeepAreRefusedByName() {
    var sku = api.newGood(1);
    var adjustments = "/stock/" + sku + "/adjustments";

    for (String[] wrong :
        new String[][] {
          {"reference", "{\"quantityDelta\":1,\"reason\":\"r\",\"reference\":\"a\\u0000\"}"},
          {"reason", "{\"quantityDelta\":1,\"reason\":\"\\ud800\",\"reference\":\"a\"}"},
          {"by", "{\"quantityDelta\":1,\"reason\":\"r\",\"reference\":\"a\",\"by\":\"\\n\"}"}
        }) {
      var answer = api.post(adjustments, wrong[1]);
      assertThat(answer.status()).isEqualTo(400);
      assertThat(answer.body()).contains("\"field\":\"" + wrong[0] + "\"");
    }
    for (String path : List.of("/stock?after=%01", "/stock/%01", "/goods/%01")) {
      assertThat(api.get(path).status()).as(path).isEqualTo(400);
    }
  }

  @Test
  void unknownSkuIsNotFound() {
    var sku = InventoryApi.newSku();

    for (var path : List.of("/stock/" + sku, "/goods/" + sku, "/stock/" + sku + "/entries")) {
      var answer = api.get(path);
      assertThat(answer.status()).as(path).isEqualTo(404);
      assertThat(answer.body()).contains("\"code\":\"UNKNOWN_SKU\"");
    }
    assertThat(api.adjust(sku, 1, "a").status()).isEqualTo(404);
  }

  @Test
  @Tag("R-I1")
  void holdsAllLinesOfAnOrderOrNone() {
    var plenty = api.newGood(10);
    var scarce = api.newGood(3);

    var answer = tryIt(new Line(plenty, 1), new Line(scarce, 2), new Line(scarce, 2));

    assertThat(answer.reason().code()).isEqualTo("INSUFFICIENT_STOCK");
    assertThat(answer.reason().detail()).isEqualTo("insufficient stock: " + scarce);
    assertThat(api.stock(plenty)).isEqualTo(new StockBody(plenty, 10, 10, 0, 0, 10, 0));
  }

  @Test
  @Tag("R-I2")
  void unknownSkuIsRefusedByName() {
    var sku = InventoryApi.newSku();

    var answer = tryIt(new Line(sku, 1));

    assertThat(answer.reason().code()).isEqualTo("UNKNOWN_SKU");
    assertThat(answer.reason().detail()).contains(sku);
  }

  @Test
  @Tag("R-I3")
  void heldStockIsSeenApartAndIsStillOnHand() {
    var sku = api.newGood(10);
    var saga = CommandDriver.newSaga();

    driver.ask(driver.tryIt(saga, new HoldStock(List.of(new Line(sku, 4)))));
    var held = api.stock(sku);
    driver.ask(driver.confirm(saga));
    var sold = api.stock(sku);

    assertThat(held).isEqualTo(new StockBody(sku, 10, 6, 4, 0, 10, 0));
    assertThat(sold).isEqualTo(new StockBody(sku, 6, 6, 0, 4, 10, 0));
  }

  @Test
  @Tag("R-I3")
  void inactiveGoodsCannotBeReservedButReservationsStay() {
    var sku = api.newGood(10);
    var before = CommandDriver.newSaga();
    driver.ask(driver.tryIt(before, new HoldStock(List.of(new Line(sku, 4)))));

    api.put("/goods/" + sku, "{\"active\":false}");
    var refused = tryIt(new Line(sku, 1));
    var confirmed = driver.ask(driver.confirm(before));
    api.put("/goods/" + sku, "{\"active\":true}");
    var again = tryIt(new Line(sku, 1));

    assertThat(refused.reason().code()).isEqualTo("GOODS_INACTIVE");
    assertThat(refused.reason().detail()).isEqualTo("not for sale: " + sku);
    assertThat(confirmed.isDone()).isTrue();
    assertThat(again.isDone()).isTrue();
    assertThat(api.stock(sku)).isEqualTo(new StockBody(sku, 6, 5, 1, 4, 10, 0));
  }

  @Test
  @Tag("R-I3")
  void goodsAreKnownBeforeTheirFirstDelivery() {
    var sku = InventoryApi.newSku();

    var made = api.put("/goods/" + sku, "{\"active\":true,\"backOrderLimit\":2,\"lowStockAt\":3}");

    assertThat(made.status()).isEqualTo(200);
    assertThat(api.good(sku)).isEqualTo(new GoodsController.GoodsBody(sku, true, 2, 3L, true));
    assertThat(api.stock(sku)).isEqualTo(new StockBody(sku, 0, 0, 0, 0, 0, 0));
  }

  @Test
  @Tag("R-I1")
  void backOrdersGoAsFarBelowZeroAsTheGoodAllows() {
    var sku = api.newGood(1);

    var denied = tryIt(new Line(sku, 2));
    api.put("/goods/" + sku, "{\"active\":true,\"backOrderLimit\":2}");
    var promised = tryIt(new Line(sku, 3));
    var tooMany = tryIt(new Line(sku, 1));
    var lowered = api.put("/goods/" + sku, "{\"active\":true,\"backOrderLimit\":1}");
    api.receive(sku, 2);

    assertThat(denied.reason().code()).isEqualTo("INSUFFICIENT_STOCK");
    assertThat(promised.isDone()).isTrue();
    assertThat(tooMany.reason().code()).isEqualTo("INSUFFICIENT_STOCK");
    assertThat(lowered.status()).isEqualTo(409);
    assertThat(lowered.body())
        .contains("\"code\":\"STOCK_PROMISED\"", "\"field\":\"backOrderLimit\"");
    assertThat(api.stock(sku)).isEqualTo(new StockBody(sku, 3, 0, 3, 0, 3, 0));
  }

  @Test
  @Tag("R-I4")
  void adjustmentIsMadeOnceForItsReference() {
    var sku = api.newGood(10);

    var made = api.adjust(sku, -3, "broken-1");
    var again = api.adjust(sku, -3, "broken-1");
    var other = api.adjust(sku, -4, "broken-1");
    var found = api.adjust(sku, 5, "found-1");

    assertThat(made.as(StockBody.class)).isEqualTo(new StockBody(sku, 7, 7, 0, 0, 10, -3));
    assertThat(again).isEqualTo(made);
    assertThat(other.status()).isEqualTo(422);
    assertThat(other.body()).contains("\"code\":\"IDEMPOTENCY_KEY_REUSED\"");
    assertThat(found.as(StockBody.class)).isEqualTo(new StockBody(sku, 12, 12, 0, 0, 10, 2));
  }

  @Test
  @Tag("R-I4")
  void adjustmentNeverTakesWhatIsHeld() {
    var sku = api.newGood(10);
    tryIt(new Line(sku, 8));

    var refused = api.adjust(sku, -3, "broken-2");
    var fewer = api.adjust(sku, -2, "broken-2");

    assertThat(refused.status()).isEqualTo(409);
    assertThat(refused.body())
        .contains("\"code\":\"STOCK_PROMISED\"", "\"field\":\"quantityDelta\"");
    assertThat(fewer.as(StockBody.class)).isEqualTo(new StockBody(sku, 8, 0, 8, 0, 10, -2));
  }

  @Test
  @Tag("R-I4")
  void statementNamesEveryMovementPageByPage() {
    var sku = api.newGood(10);
    api.adjust(sku, -1, "broken-3");
    var saga = CommandDriver.newSaga();
    driver.ask(driver.tryIt(saga, new HoldStock(List.of(new Line(sku, 4)))));
    driver.ask(driver.confirm(saga));
    var all = new ArrayList<StockStore.Movement>();

    int pages = 0;
    String next = "";
    while (next != null) {
      var page = api.get("/stock/" + sku + "/entries?limit=1&after=" + next).as(Statement.class);
      all.addAll(page.entries());
      next = page.next();
      pages++;
    }

    assertThat(pages).isEqualTo(5);
    assertThat(all)
        .extracting(StockStore.Movement::operation)
        .containsExactly("HOLD", "CONFIRM", "ADJUST", "RECEIVE");
    assertThat(all.get(2))
        .returns(-1L, StockStore.Movement::receivedDelta)
        .returns("broken-3", StockStore.Movement::reference)
        .returns("count", StockStore.Movement::reason)
        .returns("ada", StockStore.Movement::by);
    assertThat(api.get("/stock/" + sku + "/entries?after=nonsense").body())
        .contains("\"code\":\"INVALID_FIELD\"", "\"field\":\"after\"");
  }

  private CommandDriver.Answer tryIt(Line... lines) {
    return driver.ask(driver.tryIt(CommandDriver.newSaga(), new HoldStock(List.of(lines))));
  }
}
