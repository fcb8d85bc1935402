package io.holdfast.order;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.holdfast.contracts.saga.FulfilOrder;
import io.holdfast.contracts.saga.PlaceOrder;
import io.holdfast.contracts.saga.PlaceOrder.Paid;
import io.holdfast.contracts.saga.RefundOrder;
import io.holdfast.contracts.saga.SagaEnded;
import io.holdfast.contracts.saga.SagaEnded.Outcome;
import io.holdfast.contracts.wallet.HoldBalance.Metered;
import io.holdfast.messaging.Envelope;
import io.holdfast.messaging.Json;
import io.holdfast.messaging.Outbox;
import io.holdfast.messaging.TimerLoop;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.transaction.support.TransactionTemplate;

/** Metered services in an order, alone and beside goods. */
@Tag("R-W7")
class ServicesIT extends RunningOrderService {

  private static final String MIXED =
      """
      {"customerId": "%s", "lines": [{"sku": "PEN", "quantity": 2}, {"sku": "SMS", "quantity": 30}]}
      """;

  @Autowired Outbox outbox;
  @Autowired RefundEnds refunds;
  @Autowired OrderWatch watch;
  @Autowired MeterRegistry metrics;
  @Autowired TransactionTemplate transactions;

  @Autowired
  @Qualifier("resendTimer")
  TimerLoop resendTimer;

  @BeforeEach
  void sellMessages() {
    var answer =
        put("/products/SMS", "{\"unitPriceMinor\":5,\"currency\":\"EUR\",\"service\":\"sms\"}");
    assertThat(answer.status()).as(answer.text()).isIn(200, 201);
    assertThat(answer.body().path("service").asString()).isEqualTo("sms");
  }

  @Test
  void theWalletIsAskedForServicesAndTheInventoryForGoods() {
    var answer = place(MIXED.formatted(UUID.randomUUID()), newKey());

    assertThat(answer.status()).as(answer.text()).isEqualTo(202);
    assertThat(answer.body().path("totalMinor").asLong()).isEqualTo(650);
    assertThat(answer.body().path("lines").get(0).has("service")).isFalse();
    assertThat(answer.body().path("lines").get(1).path("service").asString()).isEqualTo("sms");
    assertThat(get("/orders/" + answer.orderId()).body()).isEqualTo(answer.body());
    var input = input(answer.orderId());
    assertThat(input.lines()).containsExactly(new PlaceOrder.Line("PEN", 2));
    assertThat(input.metered()).containsExactly(new Metered("sms", 30, 5));
    assertThat(input.totalMinor()).isEqualTo(650);
  }

  @Test
  void whatIsSentAgainIsTheSameWhateverTheProductIsByThen() {
    var orderId = place(MIXED.formatted(UUID.randomUUID()), newKey()).orderId();

    put("/products/SMS", "{\"unitPriceMinor\":9,\"currency\":\"EUR\"}");

    makeDue(orderId);
    await().until(() -> started(orderId).size() == 2);
    assertThat(started(orderId)).containsOnly(started(orderId).getFirst());
    publish(confirmed(orderId));
    awaitState(orderId, "CONFIRMED");
  }

  @Test
  void onlyGoodsAreSentAndAnOrderOfServicesIsNotFulfilled() {
    var mixed = place(MIXED.formatted(UUID.randomUUID()), newKey()).orderId();
    var services = place(order(UUID.randomUUID(), "SMS", 3), newKey()).orderId();
    var sending =
        new OutcomeHandler(
            store,
            new FulfilmentDesk(true, Duration.ofSeconds(30), store, outbox, resendTimer, metrics),
            refunds,
            watch,
            metrics);

    transactions.executeWithoutResult(
        _ -> sending.handle(List.of(confirmed(mixed), confirmed(services))));

    var saga =
        jdbc.sql("select fulfilment_id from orders where order_id = ?")
            .param(mixed)
            .query(UUID.class)
            .single();
    assertThat(Json.read(started(saga).getFirst().input(), FulfilOrder.class))
        .isEqualTo(new FulfilOrder(mixed, List.of(new PlaceOrder.Line("PEN", 2))));
    assertThat(get("/orders/" + services).body().path("fulfilment").asString()).isEqualTo("NONE");
    assertThat(state(services)).isEqualTo("CONFIRMED");
    publish(ended(saga, new SagaEnded(FulfilOrder.DEFINITION, Outcome.CONFIRMED, null)));
    await()
        .until(
            () -> get("/orders/" + mixed).body().path("fulfilment").asString().equals("SHIPPED"));
  }

  @Test
  void aRefundReturnsGoodsOnlyAndNothingOfWhatTheQuotaPaid() {
    var orderId = place(MIXED.formatted(UUID.randomUUID()), newKey()).orderId();
    publish(paid(orderId, new Paid(600, 0)));
    awaitState(orderId, "CONFIRMED");

    var refund = refund(orderId);

    assertThat(refund.status()).as(refund.text()).isEqualTo(202);
    var input =
        Json.read(
            started(UUID.fromString(refund.body().path("refundId").asString())).getFirst().input(),
            RefundOrder.class);
    assertThat(input.walletMinor()).isEqualTo(600);
    assertThat(input.returned()).containsExactly(new PlaceOrder.Line("PEN", 2));
  }

  @Test
  void withoutWordOfWhatTheQuotaPaidNothingIsPaidBack() {
    var orderId = confirmedOrder(MIXED.formatted(UUID.randomUUID()));

    assertProblem(refund(orderId), 409, "PAYMENT_SPLIT_UNKNOWN");
  }

  @Test
  void aServiceHasANameOfSmallLetters() {
    var answer =
        put("/products/SMS", "{\"unitPriceMinor\":5,\"currency\":\"EUR\",\"service\":\"S M S\"}");

    assertProblem(answer, 400, "INVALID_FIELD");
    assertThat(answer.body().path("field").asString()).isEqualTo("service");
  }

  private Answer refund(UUID orderId) {
    return send(
        "/orders/" + orderId + "/refunds",
        "{\"returned\":true,\"reason\":\"not needed\"}",
        "Idempotency-Key",
        newKey());
  }

  private PlaceOrder input(UUID orderId) {
    return Json.read(started(orderId).getFirst().input(), PlaceOrder.class);
  }

  private static Envelope paid(UUID orderId, Paid paid) {
    return ended(
        orderId, new SagaEnded(PlaceOrder.DEFINITION, Outcome.CONFIRMED, null, Json.text(paid)));
  }
}
