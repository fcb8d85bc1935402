package io.holdfast.inventory;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.contracts.SagaId;
import io.holdfast.contracts.inventory.GoodsShipped;
import io.holdfast.contracts.inventory.HoldStock.Line;
import io.holdfast.contracts.inventory.InventoryContract;
import io.holdfast.contracts.inventory.PickGoods;
import io.holdfast.contracts.inventory.ReturnGoods;
import io.holdfast.contracts.inventory.ShipGoods;
import io.holdfast.inventory.ShipmentController.OrderShipments;
import io.holdfast.inventory.ShipmentController.ShipmentBody;
import io.holdfast.messaging.BatchConsumers;
import io.holdfast.messaging.Envelope;
import io.holdfast.messaging.Json;
import io.holdfast.participant.testing.CommandDriver;
import io.holdfast.participant.testing.CommandDriver.Answer;
import io.holdfast.testing.HoldfastTest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Goods leave the shelves and the house, and come back, whatever the warehouse does. */
@HoldfastTest({
  "spring.config.name=inventory-service",
  "holdfast.inventory.warehouse.delay=1ms",
  "holdfast.inventory.fulfilment.first-retry-after=1ms",
  "holdfast.inventory.fulfilment.last-retry-after=50ms"
})
@Tag("R-I3")
class FulfilmentIT {

  private static final int ACTORS = 120;
  private static final WarehouseSettings RELIABLE =
      new WarehouseSettings(Duration.ofMillis(1), 0, 0, 0, null);

  @LocalServerPort private int port;
  @Autowired private BatchConsumers consumers;
  @Autowired private JdbcClient jdbc;
  @Autowired private StockDesk desk;
  @Autowired private SimulatedWarehouse warehouse;

  private InventoryApi api;
  private Sales sales;
  private CommandDriver<PickGoods> picking;
  private CommandDriver<ShipGoods> shipping;
  private CommandDriver<ReturnGoods> returns;

  @BeforeEach
  void connect() {
    api = new InventoryApi(port);
    sales = new Sales(desk, consumers, jdbc);
    picking = new CommandDriver<>(InventoryContract.PICKING, consumers, jdbc);
    shipping = new CommandDriver<>(InventoryContract.SHIPPING, consumers, jdbc);
    returns = new CommandDriver<>(InventoryContract.RETURNS, consumers, jdbc);
  }

  @AfterEach
  void behaveAgain() {
    warehouse.behave(RELIABLE);
  }

  @Test
  void goodsArePickedKeptAndShippedWithATrackingCode() {
    var sku = InventoryApi.newSku();
    var order = sales.order(sku, 3);
    var saga = CommandDriver.newSaga();

    var picked = picking.ask(picking.tryIt(saga, pick(order, sku, 3)));
    var kept = picking.ask(picking.confirm(saga));
    var shipped = shipping.ask(shipping.tryIt(saga, new ShipGoods(order)));
    var again = shipping.ask(shipping.tryIt(saga, new ShipGoods(order)));

    assertThat(List.of(picked, kept, shipped)).allMatch(Answer::isDone);
    assertThat(again).isEqualTo(shipped);
    var code = Json.read(shipped.body(), GoodsShipped.class).trackingCode();
    assertThat(code).startsWith("HF-");
    assertThat(shipment(order))
        .returns("SHIPPED", ShipmentBody::state)
        .returns(code, ShipmentBody::trackingCode)
        .returns(null, ShipmentBody::nextActionAt);
  }

  @Test
  void damagedGoodsAreRefusedForGoodAndCanBePickedByANewSaga() {
    var sku = InventoryApi.newSku();
    var order = sales.order(sku, 1);
    var saga = CommandDriver.newSaga();

    warehouse.behave(new WarehouseSettings(Duration.ofMillis(1), 1, 0, 0, 7L));
    var damaged = picking.ask(picking.tryIt(saga, pick(order, sku, 1)));
    warehouse.behave(RELIABLE);
    var cancelled = picking.ask(picking.cancel(saga));
    var another = picking.ask(picking.tryIt(CommandDriver.newSaga(), pick(order, sku, 1)));

    assertThat(damaged.reason().code()).isEqualTo("GOODS_DAMAGED");
    assertThat(damaged.reason().detail()).isEqualTo("damaged goods: " + sku);
    assertThat(cancelled.isDone()).isTrue();
    assertThat(another.isDone()).isTrue();
  }

  @Test
  void cancelWhileTheRobotPicksPutsBackAfterwards() {
    var sku = InventoryApi.newSku();
    var order = sales.order(sku, 1);
    var saga = CommandDriver.newSaga();
    warehouse.behave(new WarehouseSettings(Duration.ofMillis(400), 0, 0, 0, null));

    picking.deliver(picking.tryIt(saga, pick(order, sku, 1)));
    Awaitility.await("the robot")
        .atMost(Duration.ofSeconds(10))
        .until(() -> shipment(order).attempts() == 1);
    warehouse.behave(RELIABLE);
    var cancelled = picking.ask(picking.cancel(saga));

    assertThat(cancelled.isDone()).isTrue();
    assertThat(shipment(order).state()).isEqualTo("PUT_BACK");
    assertThat(robotOrder(saga)).containsExactly("PICK", "PUT_BACK");
    assertThat(picked(order)).isZero();
  }

  @Test
  void whatWasNotSoldOrNotPickedIsRefused() {
    var sku = InventoryApi.newSku();
    var order = sales.order(sku, 2);
    var saga = CommandDriver.newSaga();

    var tooMany = picking.ask(picking.tryIt(CommandDriver.newSaga(), pick(order, sku, 3)));
    var other = picking.ask(picking.tryIt(CommandDriver.newSaga(), pick(order, "OTHER", 1)));
    var notPicked = shipping.ask(shipping.tryIt(saga, new ShipGoods(order)));
    var notSold = returns.ask(returns.tryIt(CommandDriver.newSaga(), giveBack(order, "OTHER", 1)));

    assertThat(tooMany.reason().code()).isEqualTo("ALREADY_PICKED");
    assertThat(other.reason().code()).isEqualTo("NOT_SOLD");
    assertThat(notPicked.reason().code()).isEqualTo("NOT_PICKED");
    assertThat(notSold.reason().code()).isEqualTo("NOT_SOLD");
    assertThat(api.get("/shipments/" + UUID.randomUUID()).status()).isEqualTo(404);
  }

  @Test
  @Tag("R-I4")
  void whatCouldNotBeSentComesBackAndWhatIsDamagedIsWrittenOff() {
    var broken = api.newGood(1);
    var whole = broken + "-whole";
    api.receive(whole, 3);
    var lines = List.of(new Line(broken, 1), new Line(whole, 3));
    var order = sales.order(lines);
    warehouse.behave(new WarehouseSettings(Duration.ofMillis(1), 1, 0, 0, 7L));
    picking.ask(picking.tryIt(CommandDriver.newSaga(), new PickGoods(order, lines)));
    warehouse.behave(RELIABLE);
    assertThat(shipment(order).damagedSku()).isEqualTo(broken);

    var back = returns.ask(returns.tryIt(CommandDriver.newSaga(), new ReturnGoods(order, lines)));
    var late = picking.ask(picking.tryIt(CommandDriver.newSaga(), new PickGoods(order, lines)));

    assertThat(back.isDone()).isTrue();
    assertThat(api.stock(whole))
        .returns(3L, StockController.StockBody::available)
        .returns(0L, StockController.StockBody::sold)
        .returns(0L, StockController.StockBody::adjusted);
    assertThat(api.stock(broken))
        .returns(0L, StockController.StockBody::available)
        .returns(0L, StockController.StockBody::sold)
        .returns(-1L, StockController.StockBody::adjusted);
    assertThat(api.get("/stock/" + broken + "/entries").body()).contains("WRITE_OFF");
    assertThat(api.post("/stock/checks", "").body()).contains("\"differences\":[]");
    assertThat(late.reason().code()).isEqualTo("ALREADY_PICKED");
  }

  @Test
  void whatIsDamagedAtFirstAndSentThenComesBackAsAnyOther() {
    var sku = InventoryApi.newSku();
    var order = sales.order(sku, 1);
    warehouse.behave(new WarehouseSettings(Duration.ofMillis(1), 1, 0, 0, 7L));
    picking.ask(picking.tryIt(CommandDriver.newSaga(), pick(order, sku, 1)));
    warehouse.behave(RELIABLE);
    picking.ask(picking.tryIt(CommandDriver.newSaga(), pick(order, sku, 1)));

    returns.ask(returns.tryIt(CommandDriver.newSaga(), giveBack(order, sku, 1)));

    assertThat(api.stock(sku)).returns(1L, StockController.StockBody::available);
  }

  private static final String RUN_OUT =
      """
      update shipment set under_way = true, version = version + 1, attempts = 1, next_action_at = now()
      where saga_id = ?
      """;

  @Test
  void crashBetweenCallAndRecordAsksAgainAndIsDoneOnce() {
    var sku = InventoryApi.newSku();
    var order = sales.order(sku, 1);
    var saga = CommandDriver.newSaga();
    warehouse.behave(new WarehouseSettings(Duration.ofMillis(300), 0, 0, 0, null));

    var command = picking.tryIt(saga, pick(order, sku, 1));
    picking.deliver(command);
    Awaitility.await("the robot")
        .atMost(Duration.ofSeconds(10))
        .until(() -> shipment(order).attempts() == 1);
    // As after a crash: the claim has run out, and the first worker's answer is nobody's.
    jdbc.sql(RUN_OUT).param(saga.value()).update();

    assertThat(picking.answerTo(command).isDone()).isTrue();
    assertThat(picking.countAnswersTo(command)).isEqualTo(1);
    assertThat(shipment(order).state()).isEqualTo("PICKED");
    assertThat(
            jdbc.sql("select calls from robot_task where job = ?")
                .param(saga.value())
                .query(Integer.class)
                .single())
        .isEqualTo(2);
  }

  @Test
  @Tag("R-I1")
  void manySagasNeverPickMoreThanWasSold() throws Exception {
    for (int round = 0; round < 10; round++) {
      var sku = InventoryApi.newSku();
      var order = sales.order(sku, 4);

      var tried =
          Actors.atOnce(
              ACTORS,
              actor -> {
                var command =
                    picking.tryIt(CommandDriver.newSaga(), pick(order, sku, 1 + actor % 3));
                picking.deliver(command);
                return command;
              });

      var answers = picking.answersTo(tried);
      long taken = 0;
      for (int actor = 0; actor < ACTORS; actor++) {
        taken += answers.get(actor).isDone() ? 1 + actor % 3 : 0;
      }
      assertThat(answers).allMatch(answer -> answer.isDone() || answer.isRefused());
      assertThat(taken).isEqualTo(4);
      assertThat(picked(order)).isEqualTo(4);
      assertThat(done("PICK", tried)).isEqualTo(answers.stream().filter(Answer::isDone).count());
    }
  }

  @Test
  @Tag("R-I1")
  void manyRefundsNeverReturnMoreThanWasSold() throws Exception {
    var sku = InventoryApi.newSku();
    var order = sales.order(sku, 10);

    var tried =
        Actors.atOnce(
            ACTORS,
            _ -> {
              var command = returns.tryIt(CommandDriver.newSaga(), giveBack(order, sku, 1));
              returns.deliver(command);
              return command;
            });

    var answers = returns.answersTo(tried);
    assertThat(answers.stream().filter(Answer::isDone)).hasSize(10);
    assertThat(answers.stream().filter(Answer::isRefused))
        .hasSize(ACTORS - 10)
        .allMatch(answer -> answer.reason().code().equals("ALREADY_RETURNED"));
    assertThat(api.stock(sku))
        .returns(10L, StockController.StockBody::available)
        .returns(0L, StockController.StockBody::sold)
        .returns(10L, StockController.StockBody::onHand);
  }

  @Test
  @Tag("R-I1")
  void sameRefundFromManyReturnsOnce() throws Exception {
    var sku = InventoryApi.newSku();
    var order = sales.order(sku, 500);
    var refund = CommandDriver.newSaga();

    var tried =
        Actors.atOnce(
            ACTORS,
            _ -> {
              var command = returns.tryIt(refund, giveBack(order, sku, 2));
              returns.deliver(command);
              return command;
            });

    assertThat(returns.answersTo(tried)).allMatch(Answer::isDone);
    assertThat(api.stock(sku))
        .returns(2L, StockController.StockBody::available)
        .returns(498L, StockController.StockBody::sold);
  }

  @Test
  void unreliableWarehouseCostsTimeAndNothingElse() throws Exception {
    var sku = InventoryApi.newSku();
    var orders = new ArrayList<UUID>();
    for (int i = 0; i < ACTORS; i++) {
      orders.add(sales.order(sku, 1));
    }
    warehouse.behave(new WarehouseSettings(Duration.ofMillis(2), 0.2, 0.3, 0.3, 42L));

    var ended = Actors.atOnce(ACTORS, actor -> fulfil(orders.get(actor), sku, actor % 3 == 0));

    var sagas = ended.stream().map(Ended::command).toList();
    assertThat(count(ended, "SHIPPED") + count(ended, "PUT_BACK") + count(ended, "DAMAGED"))
        .isEqualTo(ACTORS);
    assertThat(count(ended, "DAMAGED")).isBetween(5L, 50L);
    assertThat(done("SHIP", sagas)).isEqualTo(count(ended, "SHIPPED"));
    assertThat(orders.stream().mapToLong(this::picked).sum()).isEqualTo(count(ended, "SHIPPED"));
    assertThat(ended)
        .allSatisfy(one -> assertThat(shipment(one.order()).state()).isEqualTo(one.state()));
  }

  /** How the fulfilment of an order ended. */
  private record Ended(UUID order, Envelope command, String state) {}

  private Ended fulfil(UUID order, String sku, boolean changesItsMind) {
    var saga = CommandDriver.newSaga();
    var command = picking.tryIt(saga, pick(order, sku, 1));
    var answer = picking.ask(command);
    if (answer.isRefused()) {
      return new Ended(order, command, "DAMAGED");
    }
    if (changesItsMind) {
      picking.ask(picking.cancel(saga));
      return new Ended(order, command, "PUT_BACK");
    }
    picking.ask(picking.confirm(saga));
    shipping.ask(shipping.tryIt(saga, new ShipGoods(order)));
    return new Ended(order, command, "SHIPPED");
  }

  private static long count(List<Ended> ended, String state) {
    return ended.stream().filter(one -> one.state().equals(state)).count();
  }

  @Test
  void warehouseIsSetAndSeenOverHttp() {
    var set =
        api.put(
            "/warehouse",
            "{\"delay\":\"PT0.002S\",\"damagedShare\":0.5,\"failureShare\":0,\"lostAnswerShare\":0,\"seed\":3}");
    var wrong =
        api.put(
            "/warehouse",
            "{\"delay\":\"PT0.002S\",\"damagedShare\":1.5,\"failureShare\":0,\"lostAnswerShare\":0}");

    assertThat(set.status()).isEqualTo(200);
    assertThat(api.get("/warehouse").body()).contains("\"damagedShare\":0.5", "\"backlog\"");
    assertThat(wrong.body()).contains("\"code\":\"INVALID_FIELD\"", "\"field\":\"damagedShare\"");
  }

  private static PickGoods pick(UUID order, String sku, long quantity) {
    return new PickGoods(order, List.of(new Line(sku, quantity)));
  }

  private static ReturnGoods giveBack(UUID order, String sku, long quantity) {
    return new ReturnGoods(order, List.of(new Line(sku, quantity)));
  }

  private ShipmentBody shipment(UUID order) {
    return api.get("/shipments/" + order).as(OrderShipments.class).shipments().getFirst();
  }

  private long picked(UUID order) {
    return jdbc.sql("select coalesce(sum(picked), 0) from order_goods where order_id = ?")
        .param(order)
        .query(Long.class)
        .single();
  }

  private static final String ROBOT_ORDER =
      """
      select action from robot_task
      where job = ? and result = 'DONE'
      order by done_at
      """;

  private List<String> robotOrder(SagaId saga) {
    return jdbc.sql(ROBOT_ORDER)
        .param(saga.value())
        .query((row, _) -> row.getString("action"))
        .list();
  }

  private static final String DONE =
      """
      select count(*) from robot_task
      where job = any (?) and action = ? and result = 'DONE'
      """;

  private long done(String action, List<Envelope> commands) {
    var jobs = commands.stream().map(command -> command.sagaId().value()).toArray(UUID[]::new);
    return jdbc.sql(DONE).params(jobs, action).query(Long.class).single();
  }
}
