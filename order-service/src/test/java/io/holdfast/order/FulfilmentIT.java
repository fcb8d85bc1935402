package io.holdfast.order;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.holdfast.contracts.Reason;
import io.holdfast.contracts.saga.FulfilOrder;
import io.holdfast.contracts.saga.PlaceOrder;
import io.holdfast.contracts.saga.RefundOrder;
import io.holdfast.contracts.saga.SagaEnded;
import io.holdfast.contracts.saga.SagaEnded.Outcome;
import io.holdfast.contracts.saga.StartSaga;
import io.holdfast.messaging.Envelope;
import io.holdfast.messaging.Json;
import io.holdfast.messaging.Outbox;
import io.holdfast.messaging.TimerLoop;
import io.holdfast.messaging.UuidV7;
import io.holdfast.testing.StatementCounter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Sending what was bought. The service under test has it switched off, as it is by default: orders
 * are confirmed by a second handler that has it on, everything else happens in the service.
 */
class FulfilmentIT extends RunningOrderService {

  @Autowired Outbox outbox;
  @Autowired RefundEnds refunds;
  @Autowired OrderWatch watch;
  @Autowired MeterRegistry metrics;
  @Autowired TransactionTemplate transactions;
  @Autowired StatementCounter statements;

  @Autowired
  @Qualifier("resendTimer")
  TimerLoop resendTimer;

  @Test
  void aConfirmedOrderIsSentAndEndsShipped() {
    var orderId = placed();

    confirmAndSend(orderId);

    var saga = fulfilment(orderId);
    assertThat(order(orderId, "fulfilment")).isEqualTo("FULFILLING");
    assertThat(started(saga))
        .containsExactly(
            new StartSaga(
                "fulfil-order",
                Json.text(new FulfilOrder(orderId, List.of(new PlaceOrder.Line("PEN", 1))))));
    publish(shipped(saga));
    await().until(() -> order(orderId, "fulfilment").equals("SHIPPED"));
    assertThat(order(orderId, "trackingCode")).isEqualTo("HF-1");
    assertThat(store.loadEvents(orderId, 0))
        .extracting(event -> event.reason() == null ? "" : event.reason().code())
        .containsExactly("", "", "SHIPPED");
  }

  @Test
  @Tag("R-O1")
  void confirmationAndStartOfTheSagaAreOneTransaction() {
    var orderId = placed();

    transactions.executeWithoutResult(
        status -> {
          sending(true).handle(List.of(confirmed(orderId)));
          status.setRollbackOnly();
        });

    assertThat(state(orderId)).isEqualTo("PENDING");
    assertThat(order(orderId, "fulfilment")).isEqualTo("NONE");
  }

  @Test
  @Tag("O")
  void aRepeatedConfirmationStartsNoSecondSaga() {
    var orderId = placed();
    confirmAndSend(orderId);
    var saga = fulfilment(orderId);

    confirmAndSend(orderId);
    publish(confirmed(orderId));
    publish(shipped(saga), shipped(saga), failed(saga));
    await().until(() -> order(orderId, "fulfilment").equals("SHIPPED"));
    var last = confirmedOrder(pens(UUID.randomUUID(), 1));

    assertThat(order(last, "fulfilment")).isEqualTo("NONE");
    assertThat(fulfilment(orderId)).isEqualTo(saga);
    assertThat(order(orderId, "fulfilment")).isEqualTo("SHIPPED");
    assertThat(started(saga)).hasSize(1);
  }

  @Test
  @Tag("R-P5")
  void anOrderThatCannotBeSentIsPaidBackByItself() {
    var orderId = place(pens(UUID.randomUUID(), 3), newKey()).orderId();
    confirmAndSend(orderId);

    publish(failed(fulfilment(orderId)));

    await().until(() -> order(orderId, "refundState").equals("PENDING"));
    assertThat(order(orderId, "fulfilment")).isEqualTo("FAILED");
    var refund = pendingRefund(orderId);
    var input = Json.read(started(refund).getFirst().input(), RefundOrder.class);
    assertThat(input.walletMinor()).isEqualTo(750);
    assertThat(input.returned()).containsExactly(new PlaceOrder.Line("PEN", 3));
    publish(refunded(refund));
    await().until(() -> order(orderId, "refundState").equals("FULL"));
    assertThat(dueAt(orderId)).isNull();
  }

  @Test
  @Tag("R-I1")
  void goodsThatAreOnTheirWayOutAreNotPaidBackBeforeTheyHaveLeft() {
    var orderId = place(pens(UUID.randomUUID(), 3), newKey()).orderId();
    confirmAndSend(orderId);

    var early = refund(orderId, true);
    var withoutReturn = refund(orderId, false);
    publish(shipped(fulfilment(orderId)));
    await().until(() -> order(orderId, "fulfilment").equals("SHIPPED"));
    var late = refund(orderId, true);

    assertProblem(early, 409, "NOT_SENT_YET");
    assertProblem(withoutReturn, 409, "NOT_SENT_YET");
    assertThat(late.status()).as(late.text()).isEqualTo(202);
  }

  /** Whoever asks and whenever: the order is being sent or is being paid back, never both. */
  @Test
  @Tag("R-I1")
  void refundsThatRaceWithTheEndOfAFulfilmentBeginAfterIt() {
    for (int round = 0; round < 10; round++) {
      var orderId = place(pens(UUID.randomUUID(), 3), newKey()).orderId();
      confirmAndSend(orderId);
      var saga = fulfilment(orderId);

      var answers =
          together(
              30,
              i -> {
                if (i == 0) {
                  publish(shipped(saga));
                }
                return refund(orderId, true);
              });
      await().until(() -> order(orderId, "fulfilment").equals("SHIPPED"));

      assertThat(answers)
          .filteredOn(answer -> answer.status() != 202)
          .allSatisfy(
              answer ->
                  assertThat(answer.body().path("code").asString())
                      .isIn("NOT_SENT_YET", "REFUND_PENDING"));
      assertThat(store.loadEvents(orderId, 0))
          .extracting(event -> event.reason() == null ? "" : event.reason().code())
          .startsWith("", "", "SHIPPED");
    }
  }

  private Answer refund(UUID orderId, boolean returned) {
    return send(
        "/orders/" + orderId + "/refunds",
        "{\"returned\":%s,\"reason\":\"late\",\"lines\":[{\"line\":0,\"quantity\":1}]}"
            .formatted(returned),
        "Idempotency-Key",
        newKey());
  }

  @Test
  @Tag("R-P5")
  void aRefundThatFailsIsBegunAgainUntilTheOrderIsPaidBack() {
    var orderId = placed();
    confirmAndSend(orderId);
    publish(failed(fulfilment(orderId)));
    await().until(() -> order(orderId, "refundState").equals("PENDING"));
    var first = pendingRefund(orderId);

    publish(declined(first));
    await().until(() -> order(orderId, "refundState").equals("NONE"));
    makeDue(orderId);

    await().until(() -> order(orderId, "refundState").equals("PENDING"));
    assertThat(pendingRefund(orderId)).isNotEqualTo(first);
    publish(refunded(pendingRefund(orderId)));
    await().until(() -> order(orderId, "refundState").equals("FULL"));
    assertThat(dueAt(orderId)).isNull();
  }

  @Test
  @Tag("R-O2")
  void theServicesOwnRefundWaitsForTheCustomers() {
    var orderId = place(pens(UUID.randomUUID(), 2), newKey()).orderId();
    confirmAndSend(orderId);
    publish(failed(fulfilment(orderId)));
    await().until(() -> order(orderId, "refundState").equals("PENDING"));
    publish(declined(pendingRefund(orderId)));
    await().until(() -> order(orderId, "refundState").equals("NONE"));
    var asked = refund(orderId, false);
    assertThat(asked.status()).as(asked.text()).isEqualTo(202);
    var first = pendingRefund(orderId);

    int looked = attempts(orderId);
    makeDue(orderId);
    await().until(() -> attempts(orderId) > looked);
    assertThat(pendingRefund(orderId)).isEqualTo(first);
    publish(refunded(first));
    await().until(() -> order(orderId, "refundState").equals("PARTIAL"));
    makeDue(orderId);

    await().until(() -> order(orderId, "refundState").equals("PENDING"));
    // What could not be sent has never left the house, whatever the customer says.
    assertThat(returnedBy(first)).containsExactly(new PlaceOrder.Line("PEN", 1));
    assertThat(returnedBy(pendingRefund(orderId))).containsExactly(new PlaceOrder.Line("PEN", 1));
    publish(refunded(pendingRefund(orderId)));
    await().until(() -> order(orderId, "refundState").equals("FULL"));
    assertThat(get("/orders/" + orderId).body().path("refundedMinor").asLong()).isEqualTo(500);
  }

  @Test
  @Tag("K")
  void aStartThatNobodyAnswersIsSentAgain() {
    var orderId = placed();
    confirmAndSend(orderId);
    var saga = fulfilment(orderId);

    makeDue(orderId);
    await().until(() -> started(saga).size() == 2);

    assertThat(started(saga)).containsOnly(started(saga).getFirst());
    publish(shipped(saga));
    await().until(() -> order(orderId, "fulfilment").equals("SHIPPED"));
  }

  @Test
  void switchedOffItCostsNoStatementAndSwitchedOnTwo() {
    var plain = Stream.generate(this::placed).limit(5).toList();
    var sent = Stream.generate(this::placed).limit(5).toList();

    var off =
        statements.executedBy(
            () -> transactions.executeWithoutResult(_ -> sending(false).handle(ends(plain))));
    var on =
        statements.executedBy(
            () -> transactions.executeWithoutResult(_ -> sending(true).handle(ends(sent))));

    assertThat(off).hasSize(2);
    assertThat(on).hasSize(4);
    assertThat(order(plain.getFirst(), "fulfilment")).isEqualTo("NONE");
    assertThat(order(sent.getFirst(), "fulfilment")).isEqualTo("FULFILLING");
  }

  @Test
  @Tag("F18")
  void theEndOfAnUnknownFulfilmentIsParked() {
    var unknown = UuidV7.next();

    publish(shipped(unknown));

    await()
        .atMost(Duration.ofSeconds(30))
        .until(
            () ->
                jdbc.sql("select count(*) from parked_message where message_key = ?")
                        .param(unknown.toString())
                        .query(Long.class)
                        .single()
                    == 1);
  }

  private static List<Envelope> ends(List<UUID> orderIds) {
    return orderIds.stream().map(RunningOrderService::confirmed).toList();
  }

  private void confirmAndSend(UUID orderId) {
    transactions.executeWithoutResult(_ -> sending(true).handle(List.of(confirmed(orderId))));
  }

  private OutcomeHandler sending(boolean enabled) {
    var desk =
        new FulfilmentDesk(enabled, Duration.ofSeconds(30), store, outbox, resendTimer, metrics);
    return new OutcomeHandler(store, desk, refunds, watch, metrics);
  }

  private UUID fulfilment(UUID orderId) {
    return jdbc.sql("select fulfilment_id from orders where order_id = ?")
        .param(orderId)
        .query(UUID.class)
        .single();
  }

  private UUID pendingRefund(UUID orderId) {
    return jdbc.sql("select refund_id from refund where order_id = ? and state = 'PENDING'")
        .param(orderId)
        .query(UUID.class)
        .single();
  }

  private @Nullable Object dueAt(UUID orderId) {
    return jdbc.sql("select next_action_at from orders where order_id = ?")
        .param(orderId)
        .query()
        .singleRow()
        .get("next_action_at");
  }

  private String order(UUID orderId, String field) {
    return get("/orders/" + orderId).body().path(field).asString();
  }

  private static Envelope shipped(UUID saga) {
    return ended(
        saga,
        new SagaEnded(
            FulfilOrder.DEFINITION,
            Outcome.CONFIRMED,
            null,
            Json.text(new FulfilOrder.Shipped("HF-1"))));
  }

  private static Envelope failed(UUID saga) {
    return ended(
        saga,
        new SagaEnded(
            FulfilOrder.DEFINITION,
            Outcome.CANCELLED,
            new Reason("GOODS_DAMAGED", "damaged goods: PEN")));
  }

  private List<PlaceOrder.Line> returnedBy(UUID refund) {
    return Json.read(started(refund).getFirst().input(), RefundOrder.class).returned();
  }

  private int attempts(UUID orderId) {
    return jdbc.sql("select attempt from orders where order_id = ?")
        .param(orderId)
        .query(Integer.class)
        .single();
  }

  private static Envelope declined(UUID refund) {
    return ended(
        refund,
        new SagaEnded(
            RefundOrder.DEFINITION, Outcome.CANCELLED, new Reason("DEADLINE_PASSED", "late")));
  }

  private static Envelope refunded(UUID refund) {
    return ended(refund, new SagaEnded(RefundOrder.DEFINITION, Outcome.CONFIRMED, null));
  }
}
