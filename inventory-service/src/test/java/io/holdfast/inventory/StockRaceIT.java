package io.holdfast.inventory;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.contracts.inventory.HoldStock;
import io.holdfast.contracts.inventory.HoldStock.Line;
import io.holdfast.contracts.inventory.InventoryContract;
import io.holdfast.contracts.inventory.LowStock;
import io.holdfast.messaging.BatchConsumers;
import io.holdfast.messaging.Envelope;
import io.holdfast.messaging.Json;
import io.holdfast.participant.testing.CommandDriver;
import io.holdfast.participant.testing.OutboxReader;
import io.holdfast.testing.HoldfastTest;
import io.holdfast.testing.StatementCounter;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.jdbc.core.simple.JdbcClient;

/** What happens to stock when many want it at the same moment, each in a transaction of its own. */
@HoldfastTest("spring.config.name=inventory-service")
class StockRaceIT {

  private static final int ACTORS = 120;

  @LocalServerPort private int port;
  @Autowired private BatchConsumers consumers;
  @Autowired private JdbcClient jdbc;
  @Autowired private StatementCounter statements;

  private InventoryApi api;
  private CommandDriver<HoldStock> driver;

  @BeforeEach
  void connect() {
    api = new InventoryApi(port);
    driver = new CommandDriver<>(InventoryContract.INVENTORY, consumers, jdbc);
  }

  /** A try that was delivered alone, and how many transactions that took. */
  private record Tried(Envelope command, long quantity, long attempts) {}

  private Tried tryAlone(long quantity, Line... lines) {
    var command = driver.tryIt(CommandDriver.newSaga(), new HoldStock(List.of(lines)));
    var executed = statements.executedBy(() -> driver.deliver(command));
    return new Tried(command, quantity, StatementCounter.attempts(executed));
  }

  @Test
  @Tag("R-I1")
  @Tag("R-I2")
  void stockOfFourAndDemandsOfOneTwoAndThreeIsNeverOversold() throws Exception {
    for (int round = 0; round < 5; round++) {
      var sku = api.newGood(4);

      var tried =
          Actors.atOnce(ACTORS, actor -> tryAlone(1 + actor % 3, new Line(sku, 1 + actor % 3)));

      var answers = driver.answersTo(tried.stream().map(Tried::command).toList());
      long taken = 0;
      for (int i = 0; i < ACTORS; i++) {
        taken += answers.get(i).isDone() ? tried.get(i).quantity() : 0;
      }
      assertThat(tried)
          .as("a constraint fired before the code refused")
          .allMatch(one -> one.attempts() == 1);
      assertThat(taken).isEqualTo(4);
      assertThat(answers).allMatch(answer -> answer.isDone() || answer.isRefused());
      assertThat(api.stock(sku)).returns(0L, StockController.StockBody::available);
      assertThat(api.stock(sku)).returns(4L, StockController.StockBody::held);
    }
  }

  @Test
  @Tag("R-I1")
  void linesOnSharedGoodsInOppositeOrderDoNotDeadlock() throws Exception {
    var goods = new ArrayList<String>();
    for (int i = 0; i < 6; i++) {
      goods.add(api.newGood(ACTORS / 2));
    }
    var reversed = goods.reversed();

    var tried =
        Actors.atOnce(
            ACTORS,
            actor ->
                tryAlone(
                    1,
                    (actor % 2 == 0 ? goods : reversed)
                        .stream().map(sku -> new Line(sku, 1)).toArray(Line[]::new)));

    var answers = driver.answersTo(tried.stream().map(Tried::command).toList());
    assertThat(tried).allMatch(one -> one.attempts() == 1);
    assertThat(answers.stream().filter(CommandDriver.Answer::isDone)).hasSize(ACTORS / 2);
    assertThat(goods)
        .allSatisfy(
            sku -> assertThat(api.stock(sku)).returns(0L, StockController.StockBody::available));
  }

  @Test
  @Tag("R-I1")
  void backOrdersOfManyEndAtTheLimit() throws Exception {
    var sku = api.newGood(4);
    api.put("/goods/" + sku, "{\"active\":true,\"backOrderLimit\":3}");

    var tried = Actors.atOnce(ACTORS, _ -> tryAlone(1, new Line(sku, 1)));

    var answers = driver.answersTo(tried.stream().map(Tried::command).toList());
    assertThat(tried).allMatch(one -> one.attempts() == 1);
    assertThat(answers.stream().filter(CommandDriver.Answer::isDone)).hasSize(7);
    assertThat(api.stock(sku)).returns(-3L, StockController.StockBody::available);
  }

  @Test
  @Tag("R-I4")
  void adjustmentsAndReservationsAtOnceNeverTakeTheSamePiece() throws Exception {
    var sku = api.newGood(50);

    var outcomes =
        Actors.atOnce(
            ACTORS,
            actor -> {
              if (actor % 2 == 0) {
                return "adjusted " + api.adjust(sku, -1, "lost-" + actor).status();
              }
              var tried = tryAlone(1, new Line(sku, 1));
              return "held %s in %d"
                  .formatted(driver.answerTo(tried.command()).isDone(), tried.attempts());
            });

    assertThat(outcomes)
        .isSubsetOf("adjusted 200", "adjusted 409", "held true in 1", "held false in 1");
    assertThat(outcomes)
        .filteredOn(outcome -> outcome.equals("adjusted 200") || outcome.startsWith("held true"))
        .hasSize(50);
    assertThat(api.stock(sku).held() - api.stock(sku).adjusted()).isEqualTo(50);
    assertThat(api.stock(sku)).returns(0L, StockController.StockBody::available);
  }

  @Test
  @Tag("R-I4")
  void sameAdjustmentFromManyIsMadeOnce() throws Exception {
    var sku = api.newGood(500);

    for (int round = 1; round <= 10; round++) {
      String reference = "reference-" + round;
      var answers = Actors.atOnce(ACTORS, _ -> api.adjust(sku, -3, reference));

      assertThat(answers).allMatch(answer -> answer.status() == 200);
      assertThat(api.stock(sku).available()).isEqualTo(500 - 3L * round);
    }
  }

  @Test
  @Tag("R-I4")
  void sameDeliveryFromManyIsReceivedOnce() throws Exception {
    var sku = InventoryApi.newSku();

    var answers =
        Actors.atOnce(
            ACTORS,
            _ ->
                api.post("/stock/" + sku + "/receipts", "{\"quantity\":7,\"reference\":\"same\"}"));

    assertThat(answers).allMatch(answer -> answer.status() == 200);
    assertThat(api.stock(sku)).returns(7L, StockController.StockBody::available);
  }

  @Test
  @Tag("R-I4")
  void becomingLowIsToldOnceAndAgainOnlyAfterItWasAbove() throws Exception {
    var sku = api.newGood(ACTORS);
    api.put("/goods/" + sku, "{\"active\":true,\"lowStockAt\":20}");
    var start = Instant.now();

    var tried = Actors.atOnce(ACTORS, _ -> tryAlone(1, new Line(sku, 1)));
    var first = lowStock(sku, start);
    api.adjust(sku, 20, "found-20");
    var stillLow = lowStock(sku, start);
    api.adjust(sku, 1, "found-1");
    api.adjust(sku, -1, "lost-1");
    var second = lowStock(sku, start);

    assertThat(driver.answersTo(tried.stream().map(Tried::command).toList()))
        .allMatch(CommandDriver.Answer::isDone);
    assertThat(first).containsExactly(new LowStock(sku, 20, 20));
    assertThat(stillLow).hasSize(1);
    assertThat(second).hasSize(2);
    assertThat(api.good(sku).low()).isTrue();
  }

  @Test
  @Tag("R-I4")
  void dippingBelowTheThresholdWithinOneBatchIsNotTold() {
    var sku = api.newGood(10);
    api.put("/goods/" + sku, "{\"active\":true,\"lowStockAt\":5}");
    var start = Instant.now();
    var saga = CommandDriver.newSaga();

    driver.deliver(
        driver.tryIt(saga, new HoldStock(List.of(new Line(sku, 8)))), driver.cancel(saga));

    assertThat(lowStock(sku, start)).isEmpty();
  }

  @Test
  @Tag("R-I5")
  void flashSaleOnOneGoodSellsExactlyWhatIsThereAndIsQuick() {
    int orders = 20_000;
    int batch = 500;
    long pieces = 9_000;
    var sku = api.newGood(pieces);
    var start = Instant.now();

    long began = System.nanoTime();
    for (int done = 0; done < orders; done += batch) {
      var tries = new ArrayList<Envelope>();
      for (int i = 0; i < batch; i++) {
        tries.add(driver.tryIt(CommandDriver.newSaga(), new HoldStock(List.of(new Line(sku, 1)))));
      }
      driver.deliver(tries);
    }
    var took = Duration.ofNanos(System.nanoTime() - began);

    var held =
        new OutboxReader(jdbc)
            .since(start).stream()
                .filter(answer -> answer.type().endsWith("reply-done.v1"))
                .map(Envelope::sagaId)
                .distinct()
                .count();
    System.out.printf("flash sale: %d orders in %s%n", orders, took);
    assertThat(held).isEqualTo(pieces);
    assertThat(api.stock(sku)).returns(0L, StockController.StockBody::available);
    assertThat(api.stock(sku)).returns(pieces, StockController.StockBody::held);
    assertThat(took).isLessThan(Duration.ofSeconds(60));
  }

  @Test
  @Tag("R-I5")
  @Tag("R-I1")
  void flashSaleOfManySellersAtOnceSellsExactlyWhatIsThere() throws Exception {
    var sku = api.newGood(1_000);
    var tries = new ConcurrentLinkedQueue<Envelope>();

    var attempts =
        Actors.atOnce(
            ACTORS,
            _ -> {
              var batch = new ArrayList<Envelope>();
              for (int i = 0; i < 20; i++) {
                batch.add(
                    driver.tryIt(
                        CommandDriver.newSaga(), new HoldStock(List.of(new Line(sku, 1)))));
              }
              tries.addAll(batch);
              return StatementCounter.attempts(statements.executedBy(() -> driver.deliver(batch)));
            });

    var answers = driver.answersTo(List.copyOf(tries));
    assertThat(attempts)
        .as("a constraint fired before the code refused")
        .allMatch(count -> count == 1);
    assertThat(answers.stream().filter(CommandDriver.Answer::isDone)).hasSize(1_000);
    assertThat(api.stock(sku)).returns(0L, StockController.StockBody::available);
  }

  private List<LowStock> lowStock(String sku, Instant since) {
    return new OutboxReader(jdbc)
        .since(since).stream()
            .filter(message -> message.type().equals(InventoryContract.LOW_STOCK_TYPE))
            .map(message -> Json.read(message.body(), LowStock.class))
            .filter(event -> event.sku().equals(sku))
            .toList();
  }
}
