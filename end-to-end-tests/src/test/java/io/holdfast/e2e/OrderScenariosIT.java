package io.holdfast.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.quickstart.Platform;
import io.holdfast.quickstart.Service;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;

/** Each way an order can go, and what it leaves behind. */
@TestInstance(Lifecycle.PER_CLASS)
class OrderScenariosIT {

  private static final Duration SOON = Duration.ofSeconds(30);

  private Platform platform;
  private Shop shop;
  private Books books;

  @BeforeAll
  void start(@TempDir Path data) {
    platform = TestPlatform.start(data, "--holdfast.place-order.deadline=4s");
    shop = new Shop(platform);
    books = new Books(platform);
  }

  @AfterAll
  void stop() {
    platform.close();
  }

  @AfterEach
  void theBooksBalance() {
    books.balance(SOON);
  }

  @Test
  @Tag("R-S1")
  void stockAndMoneyAreTakenWhenBothAreThere() {
    String sku = shop.good(5_00, 10);
    var customer = shop.customer(50_00);

    var order = shop.placeAndWait(customer, sku, 3);

    assertThat(Shop.state(order)).isEqualTo("CONFIRMED");
    assertThat(shop.stock(sku).get("available").asLong()).isEqualTo(7);
    assertThat(shop.stock(sku).get("sold").asLong()).isEqualTo(3);
    assertThat(shop.wallet(customer).get("availableMinor").asLong()).isEqualTo(35_00);
    assertThat(shop.wallet(customer).get("spentMinor").asLong()).isEqualTo(15_00);
  }

  @Test
  void theTimelineTellsEveryStep() {
    var order = shop.placeAndWait(shop.customer(50_00), shop.good(1_00, 1), 1);

    var saga = shop.saga(Shop.id(order));

    assertThat(saga.get("state").asString()).isEqualTo("CONFIRMED");
    var events =
        saga.get("timeline").valueStream().map(entry -> entry.get("event").asString()).toList();
    assertThat(events.getFirst()).isEqualTo("started, asking inventory and wallet to TRY");
    assertThat(events)
        .hasSize(5)
        .anyMatch(event -> event.endsWith("TRY done, asking inventory and wallet to CONFIRM"))
        .contains("inventory CONFIRM done", "wallet CONFIRM done");
  }

  @Test
  @Tag("R-I1")
  @Tag("R-I2")
  void stockThatIsNotThereRefusesTheOrderAndSaysWhich() {
    String there = shop.good(1_00, 10);
    String scarce = shop.good(1_00, 2);
    var customer = shop.customer(50_00);

    var order =
        shop.place(
            customer,
            List.of(new Shop.Line(there, 1), new Shop.Line(scarce, 3)),
            null,
            UUID.randomUUID().toString(),
            SOON);

    assertThat(Shop.state(order)).isEqualTo("REJECTED");
    assertThat(Shop.reason(order)).isEqualTo("insufficient stock: " + scarce);
    assertThat(shop.stock(there).get("available").asLong()).isEqualTo(10);
    assertThat(shop.wallet(customer).get("availableMinor").asLong()).isEqualTo(50_00);
  }

  @Test
  @Tag("R-W5")
  @Tag("R-W6")
  void aWalletThatIsEmptyOrUnknownRefusesTheOrder() {
    String sku = shop.good(5_00, 10);

    var order = shop.placeAndWait(shop.customer(0), sku, 1);

    assertThat(Shop.state(order)).isEqualTo("REJECTED");
    assertThat(Shop.reason(order)).isEqualTo("insufficient balance");
    assertThat(shop.stock(sku).get("available").asLong()).isEqualTo(10);
  }

  @Test
  @Tag("R-P4")
  void theCardPaysWhatTheWalletDoesNot() {
    String sku = shop.good(10_00, 10);
    var customer = shop.customer(4_00);

    var order = shop.placeAndWait(customer, sku, 1, "pm_card_visa");

    assertThat(Shop.state(order)).isEqualTo("CONFIRMED");
    assertThat(shop.wallet(customer).get("spentMinor").asLong()).isEqualTo(4_00);
    assertThat(shop.payment(Shop.id(order)).get("amountMinor").asLong()).isEqualTo(6_00);
    assertThat(Shop.state(shop.payment(Shop.id(order)))).isEqualTo("CAPTURED");
  }

  @Test
  void theCardIsLeftAloneWhenTheWalletPaysAll() {
    var order = shop.placeAndWait(shop.customer(50_00), shop.good(10_00, 1), 1, "pm_card_visa");

    assertThat(Shop.state(order)).isEqualTo("CONFIRMED");
    assertThat(shop.saga(Shop.id(order)).get("timeline").toString()).doesNotContain("payment");
  }

  @Test
  @Tag("R-P4")
  void aDeclinedCardGivesBackStockAndBalance() {
    String sku = shop.good(10_00, 10);
    var customer = shop.customer(4_00);

    var order = shop.placeAndWait(customer, sku, 1, "pm_card_chargeDeclined");

    assertThat(Shop.state(order)).isEqualTo("REJECTED");
    assertThat(Shop.reason(order)).contains("declined");
    assertThat(shop.stock(sku).get("available").asLong()).isEqualTo(10);
    assertThat(shop.wallet(customer).get("availableMinor").asLong()).isEqualTo(4_00);
  }

  @Test
  @Tag("F13")
  void aCaptureThatIsDeclinedAfterAllWasHeldGivesEverythingBack() {
    String sku = shop.good(10_00, 10);
    var customer = shop.customer(4_00);

    var order = shop.placeAndWait(customer, sku, 1, "pm_card_captureDeclined");

    assertThat(Shop.state(order)).isEqualTo("REJECTED");
    assertThat(shop.stock(sku).get("available").asLong()).isEqualTo(10);
    assertThat(shop.wallet(customer).get("availableMinor").asLong()).isEqualTo(4_00);
    assertThat(Shop.state(shop.payment(Shop.id(order)))).isEqualTo("VOIDED");
  }

  @Test
  @Tag("F13")
  void aLostAnswerOfTheProviderChargesOnce() {
    var order = shop.placeAndWait(shop.customer(0), shop.good(10_00, 1), 1, "pm_card_lostAnswer");

    assertThat(Shop.state(shop.awaitEnd(Shop.id(order), SOON))).isEqualTo("CONFIRMED");
    assertThat(
            books.count(
                "select count(*) from payment.sandbox_payment_intent where status = 'succeeded' and metadata::text like '%"
                    + Shop.id(order)
                    + "%'"))
        .isEqualTo(1);
  }

  @Test
  @Tag("R-O3")
  @Tag("F68")
  void theSameRequestFromManyClientsIsOneOrder() throws Exception {
    String sku = shop.good(1_00, 100);
    var customer = shop.customer(50_00);
    String key = UUID.randomUUID().toString();
    Callable<UUID> place =
        () -> Shop.id(shop.place(customer, List.of(new Shop.Line(sku, 1)), null, key, SOON));

    List<UUID> orders;
    try (var clients = Executors.newVirtualThreadPerTaskExecutor()) {
      var answers = clients.invokeAll(IntStream.range(0, 20).mapToObj(_ -> place).toList());
      orders = answers.stream().map(answer -> answer.resultNow()).distinct().toList();
    }

    assertThat(orders).hasSize(1);
    shop.awaitEnd(orders.getFirst(), SOON);
    assertThat(shop.stock(sku).get("sold").asLong()).isEqualTo(1);
  }

  @Test
  @Tag("R-S2")
  void aParticipantThatIsAwayMakesTheOrderEndAtItsDeadlineAndHoldsNothingWhenItReturns() {
    String sku = shop.good(1_00, 10);
    var customer = shop.customer(50_00);

    var order =
        whileInventoryIsAway(
            () -> {
              UUID placed = shop.place(customer, sku, 2);
              var late =
                  Awaitility.await()
                      .atMost(SOON)
                      .ignoreExceptions()
                      .until(
                          () -> shop.saga(placed), saga -> Shop.state(saga).equals("CANCELLING"));
              assertThat(late.get("waitingFor").toString()).contains("inventory");
              return placed;
            });

    var ended = shop.awaitEnd(order, SOON);
    assertThat(Shop.state(ended)).isEqualTo("CANCELLED");
    assertThat(ended.get("reason").get("code").asString()).isEqualTo("DEADLINE_PASSED");
    assertThat(shop.stock(sku).get("available").asLong()).isEqualTo(10);
    assertThat(shop.wallet(customer).get("availableMinor").asLong()).isEqualTo(50_00);
  }

  @Test
  @Tag("R-O5")
  void aCustomerCanCancelWhileNothingIsDecided() {
    String sku = shop.good(1_00, 10);
    var customer = shop.customer(50_00);

    var order =
        whileInventoryIsAway(
            () -> {
              UUID placed = shop.place(customer, sku, 2);
              shop.cancel(placed);
              return placed;
            });

    var ended = shop.awaitEnd(order, SOON);
    assertThat(Shop.state(ended)).isEqualTo("CANCELLED");
    assertThat(ended.get("reason").get("code").asString()).isEqualTo("CANCELLED_BY_CUSTOMER");
    assertThat(shop.wallet(customer).get("availableMinor").asLong()).isEqualTo(50_00);
  }

  /** It is back afterwards, whatever happened: the next test needs it. */
  private UUID whileInventoryIsAway(Supplier<UUID> placing) {
    platform.stop(Service.INVENTORY_SERVICE);
    try {
      return placing.get();
    } finally {
      platform.start(Service.INVENTORY_SERVICE);
    }
  }

  /**
   * Timers sleep until something is due: a loop that does not would be seen here, not on a laptop's
   * fan. PostgreSQL counts late: a connection that rests tells what it did up to 10 s afterwards,
   * so what the tests before did may fall into the first window.
   */
  @Test
  void whenNothingHappensTheDatabaseRests() {
    books.balance(SOON);
    var window = Duration.ofSeconds(5);
    var counted = new AtomicLong(books.transactions());

    Awaitility.await()
        .atMost(Duration.ofSeconds(30))
        .pollDelay(window)
        .pollInterval(window)
        .untilAsserted(
            () -> {
              long now = books.transactions();
              long perSecond = (now - counted.getAndSet(now)) / window.toSeconds();
              assertThat(perSecond).isLessThan(40);
            });
  }
}
