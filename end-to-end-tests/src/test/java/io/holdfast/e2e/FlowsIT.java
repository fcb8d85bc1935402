package io.holdfast.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.holdfast.messaging.UuidV7;
import io.holdfast.quickstart.HttpJson;
import io.holdfast.quickstart.Platform;
import io.holdfast.quickstart.Service;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** What happens around an order, through all services: review, sending, refund, top-up, payout. */
@TestInstance(Lifecycle.PER_CLASS)
class FlowsIT {

  private static final Duration SOON = Duration.ofSeconds(30);
  private static final String CARD = "pm_card_visa";

  private final HttpJson http = new HttpJson();
  private Platform platform;
  private Shop shop;
  private Books books;

  @BeforeAll
  void start(@TempDir Path data) {
    platform =
        TestPlatform.start(
            data,
            "--holdfast.order.fulfilment.enabled=true",
            "--holdfast.order.approval.above-minor.EUR=100000",
            "--holdfast.wallet.quota.sms.allowance=10",
            "--holdfast.wallet.quota.sms.unit-price-minor=5",
            "--holdfast.wallet.quota.sms.currency=EUR");
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
  void aConfirmedOrderIsPickedAndShipped() {
    var order = shop.placeAndWait(shop.customer(50_00), shop.good(5_00, 10), 2);

    var sent = awaitOrder(Shop.id(order), "fulfilment", "SHIPPED");

    assertThat(Shop.state(sent)).isEqualTo("CONFIRMED");
    var shipment =
        http.get(url(Service.INVENTORY_SERVICE, "/shipments/" + Shop.id(order)))
            .get("shipments")
            .get(0);
    assertThat(shipment.get("state").asString()).isEqualTo("SHIPPED");
    assertThat(shipment.get("trackingCode").asString()).isNotBlank();
    assertThat(sent.get("trackingCode")).isEqualTo(shipment.get("trackingCode"));
  }

  @Test
  @Tag("R-I1")
  void whatIsOnItsWayOutIsNotTakenBackBeforeItHasLeft() {
    String sku = shop.good(10_00, 10);
    warehouse("PT2S", 0);
    try {
      var id = Shop.id(shop.placeAndWait(shop.customer(50_00), sku, 3));

      assertThatThrownBy(() -> refund(id, Map.of("returned", true, "reason", "too many")))
          .isInstanceOf(HttpJson.Refused.class)
          .hasMessageContaining("NOT_SENT_YET");

      awaitOrder(id, "fulfilment", "SHIPPED");
      assertThat(shop.stock(sku).get("available").asLong()).isEqualTo(7);
      refund(id, Map.of("returned", true, "reason", "too many"));
      awaitOrder(id, "refundState", "FULL");
      assertThat(shop.stock(sku).get("available").asLong()).isEqualTo(10);
    } finally {
      warehouse("PT0.01S", 0);
    }
  }

  @Test
  @Tag("R-I4")
  @Tag("R-P5")
  void whatCannotBeSentIsPaidBackAndForSaleAgainButForWhatBroke() {
    String broken = shop.good(10_00, 10);
    String whole = shop.good(5_00, 10);
    var lines = Stream.of(broken, whole).sorted().map(sku -> new Shop.Line(sku, 3)).toList();
    var customer = shop.customer(100_00);
    warehouse("PT0.01S", 1);
    try {
      var id =
          Shop.id(shop.place(customer, lines, null, UUID.randomUUID().toString(), Duration.ZERO));

      var order = awaitOrder(id, "refundState", "FULL");

      assertThat(order.get("fulfilment").asString()).isEqualTo("FAILED");
    } finally {
      warehouse("PT0.01S", 0);
    }
    assertThat(shop.wallet(customer).get("availableMinor").asLong()).isEqualTo(100_00);
    var first = shop.stock(lines.getFirst().sku());
    assertThat(first.get("sold").asLong()).isZero();
    assertThat(first.get("available").asLong()).isEqualTo(7);
    assertThat(first.get("adjusted").asLong()).isEqualTo(-3);
    assertThat(shop.stock(lines.getLast().sku()).get("available").asLong()).isEqualTo(10);
  }

  private void warehouse(String delay, int damagedShare) {
    http.put(
        url(Service.INVENTORY_SERVICE, "/warehouse"),
        Map.of(
            "delay", delay, "damagedShare", damagedShare, "failureShare", 0, "lostAnswerShare", 0));
  }

  @Test
  @Tag("R-O6")
  void anExpensiveOrderWaitsForItsReviewerAndHoldsNothingMeanwhile() {
    String sku = shop.good(600_00, 10);
    var customer = shop.customer(5_000_00);
    var id = shop.place(customer, sku, 2);
    awaitOrder(id, "approval", "AWAITING");
    assertThat(shop.stock(sku).get("held").asLong()).isZero();

    http.post(url(Service.ORDER_SERVICE, "/orders/" + id + "/approve"), Map.of("reviewer", "eve"));

    var order = shop.awaitEnd(id, SOON);
    assertThat(Shop.state(order)).isEqualTo("CONFIRMED");
    assertThat(order.get("reviewer").asString()).isEqualTo("eve");
    assertThat(shop.wallet(customer).get("spentMinor").asLong()).isEqualTo(1_200_00);
  }

  @Test
  @Tag("R-O6")
  void aRejectedOrderEndsWithTheReviewersReason() {
    String sku = shop.good(600_00, 10);
    var id = shop.place(shop.customer(5_000_00), sku, 2);
    awaitOrder(id, "approval", "AWAITING");

    http.post(
        url(Service.ORDER_SERVICE, "/orders/" + id + "/reject"),
        Map.of("reviewer", "eve", "reason", "not this quarter"));

    var order = shop.awaitEnd(id, SOON);
    assertThat(Shop.state(order)).isEqualTo("REJECTED");
    assertThat(Shop.reason(order)).contains("not this quarter");
    assertThat(shop.stock(sku).get("available").asLong()).isEqualTo(10);
  }

  @Test
  @Tag("R-P5")
  @Tag("R-W4")
  void aRefundGivesBackWhatCardAndWalletPaidAndTheGoods() {
    String sku = shop.good(10_00, 10);
    var customer = shop.customer(15_00);
    var id = Shop.id(shop.placeAndWait(customer, sku, 4, CARD));
    awaitOrder(id, "fulfilment", "SHIPPED");

    refund(id, Map.of("returned", true, "reason", "too many"));

    awaitOrder(id, "refundState", "FULL");
    assertThat(shop.wallet(customer).get("availableMinor").asLong()).isEqualTo(15_00);
    assertThat(shop.payment(id).get("refundedMinor").asLong()).isEqualTo(25_00);
    assertThat(shop.stock(sku).get("available").asLong()).isEqualTo(10);
    assertThatThrownBy(() -> refund(id, Map.of("returned", false, "reason", "once more")))
        .isInstanceOf(HttpJson.Refused.class);
  }

  @Test
  @Tag("R-P5")
  void aPartOfALineCanBePaidBack() {
    String sku = shop.good(10_00, 10);
    var customer = shop.customer(100_00);
    var id = Shop.id(shop.placeAndWait(customer, sku, 4));
    awaitOrder(id, "fulfilment", "SHIPPED");

    refund(
        id,
        Map.of(
            "lines",
            List.of(Map.of("line", 0, "quantity", 1)),
            "returned",
            false,
            "reason",
            "one was broken"));

    var order = awaitOrder(id, "refundState", "PARTIAL");
    assertThat(order.get("refundedMinor").asLong()).isEqualTo(10_00);
    assertThat(shop.wallet(customer).get("availableMinor").asLong()).isEqualTo(70_00);
    assertThat(shop.stock(sku).get("sold").asLong()).isEqualTo(4);
  }

  @Test
  @Tag("R-W7")
  void servicesTakeTheFreeQuotaBeforeMoneyAndNoStock() {
    String sku = shop.service("sms", 5);
    var customer = shop.customer(1_00);

    var id = Shop.id(shop.placeAndWait(customer, sku, 14));

    assertThat(Shop.state(shop.order(id))).isEqualTo("CONFIRMED");
    assertThat(shop.wallet(customer).get("availableMinor").asLong()).isEqualTo(80);
    assertThat(shop.order(id).get("fulfilment").asString()).isEqualTo("NONE");
    refund(id, Map.of("returned", true, "reason", "not needed"));
    awaitOrder(id, "refundState", "FULL");
    assertThat(shop.wallet(customer).get("availableMinor").asLong()).isEqualTo(1_00);
  }

  @Test
  @Tag("R-W7")
  void anOrderThatTheQuotaPaidHasNothingToGiveBackAndIsRefundedAllTheSame() {
    String sku = shop.service("sms", 5);
    var customer = shop.customer(1_00);
    var id = Shop.id(shop.placeAndWait(customer, sku, 10));

    refund(id, Map.of("returned", false, "reason", "not needed"));

    awaitOrder(id, "refundState", "FULL");
    assertThat(shop.wallet(customer).get("availableMinor").asLong()).isEqualTo(1_00);
  }

  @Test
  @Tag("R-W9")
  void aVoucherPaysItsPartOnceAndComesBackWithNoRefund() {
    String sku = shop.good(10_00, 10);
    var customer = shop.customer(50_00);
    String code = shop.voucher(6_00);

    var first = shop.placeAndWaitWithVoucher(customer, sku, 2, code);
    var second = shop.placeAndWaitWithVoucher(customer, sku, 2, code);

    assertThat(Shop.state(first)).isEqualTo("CONFIRMED");
    assertThat(Shop.state(second)).isEqualTo("REJECTED");
    assertThat(second.get("reason").get("code").asString()).isEqualTo("VOUCHER_USED_UP");
    assertThat(shop.wallet(customer).get("spentMinor").asLong()).isEqualTo(14_00);
    awaitOrder(Shop.id(first), "fulfilment", "SHIPPED");
    refund(Shop.id(first), Map.of("returned", true, "reason", "too many"));
    awaitOrder(Shop.id(first), "refundState", "FULL");
    assertThat(shop.wallet(customer).get("availableMinor").asLong()).isEqualTo(50_00);
    assertThat(shop.stock(sku).get("available").asLong()).isEqualTo(10);
  }

  @Test
  @Tag("R-P3")
  void aTopUpsMoneyArrivesInTheWalletOnce() {
    var wallet = UuidV7.next();
    var topUp =
        Map.of(
            "topUpId",
            UuidV7.next(),
            "walletId",
            wallet,
            "amountMinor",
            30_00,
            "currency",
            Shop.CURRENCY,
            "paymentMethod",
            CARD);

    http.post(url(Service.PAYMENT_SERVICE, "/top-ups"), topUp);
    http.post(url(Service.PAYMENT_SERVICE, "/top-ups"), topUp);

    Awaitility.await("the money")
        .atMost(SOON)
        .until(() -> shop.wallet(wallet).get("availableMinor").asLong() == 30_00);
  }

  @Test
  @Tag("R-W3")
  void anApprovedWithdrawalIsPaidOutAndARejectedOneComesBack() {
    var customer = shop.customer(100_00);
    var paid = withdraw(customer, 40_00);
    var rejected = withdraw(customer, 25_00);
    assertThat(shop.wallet(customer).get("heldMinor").asLong()).isEqualTo(65_00);

    http.post(url(Service.WALLET_SERVICE, "/withdrawals/" + paid + "/approve"), Map.of());
    http.post(
        url(Service.WALLET_SERVICE, "/withdrawals/" + rejected + "/reject"),
        Map.of("reason", "unknown account"));

    Awaitility.await("the payout")
        .atMost(SOON)
        .until(
            () ->
                http.get(url(Service.WALLET_SERVICE, "/withdrawals/" + paid))
                    .get("state")
                    .asString()
                    .equals("PAID"));
    var wallet = shop.wallet(customer);
    assertThat(wallet.get("availableMinor").asLong()).isEqualTo(60_00);
    assertThat(wallet.get("heldMinor").asLong()).isZero();
    assertThat(wallet.get("withdrawnMinor").asLong()).isEqualTo(40_00);
  }

  private UUID withdraw(UUID customer, long amountMinor) {
    var id = UuidV7.next();
    http.post(
        url(Service.WALLET_SERVICE, "/wallets/" + customer + "/withdrawals"),
        Map.of(
            "withdrawalId",
            id,
            "amountMinor",
            amountMinor,
            "currency",
            Shop.CURRENCY,
            "destination",
            "ba_1"));
    return id;
  }

  private void refund(UUID order, Map<String, Object> request) {
    http.post(
        url(Service.ORDER_SERVICE, "/orders/" + order + "/refunds"),
        request,
        "Idempotency-Key",
        UUID.randomUUID().toString());
  }

  private JsonNode awaitOrder(UUID id, String field, String value) {
    return Awaitility.await("%s %s of order %s".formatted(field, value, id))
        .atMost(SOON)
        .pollInterval(Duration.ofMillis(50))
        .until(() -> shop.order(id), order -> order.path(field).asString("").equals(value));
  }

  private String url(Service service, String path) {
    return platform.url(service) + path;
  }
}
