package io.holdfast.order;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.holdfast.contracts.Reason;
import io.holdfast.contracts.saga.PlaceOrder;
import io.holdfast.contracts.saga.PlaceOrder.Paid;
import io.holdfast.contracts.saga.RefundOrder;
import io.holdfast.contracts.saga.SagaEnded;
import io.holdfast.contracts.saga.SagaEnded.Outcome;
import io.holdfast.messaging.Envelope;
import io.holdfast.messaging.Json;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("R-P5")
class RefundIT extends RunningOrderService {

  private static final int ACTORS = 120;
  private static final String ALL = "{\"returned\":true,\"reason\":\"changed my mind\"}";

  @Test
  void aFullRefundStartsItsSagaAndEndsWithIt() {
    var customer = UUID.randomUUID();
    var orderId = confirmedOrder(pens(customer, 4));

    var asked = refund(orderId, ALL, newKey());

    assertThat(asked.status()).isEqualTo(202);
    var refundId = refundId(asked);
    assertThat(asked.header("location"))
        .isEqualTo("/orders/%s/refunds/%s".formatted(orderId, refundId));
    assertThat(asked.state()).isEqualTo("PENDING");
    assertThat(asked.body().path("walletMinor").asLong()).isEqualTo(1000);
    assertThat(asked.body())
        .isEqualTo(get("/orders/%s/refunds/%s".formatted(orderId, refundId)).body());
    assertThat(started(refundId)).hasSize(1);
    assertThat(started(refundId).getFirst().definition()).isEqualTo("refund-order");
    assertThat(input(refundId))
        .isEqualTo(
            new RefundOrder(
                orderId,
                refundId,
                customer,
                1000,
                0,
                "EUR",
                List.of(new PlaceOrder.Line("PEN", 4))));
    assertThat(order(orderId, "refundState")).isEqualTo("PENDING");

    publish(done(refundId));

    awaitRefund(orderId, "FULL");
    assertThat(get("/orders/" + orderId).body().path("refundedMinor").asLong()).isEqualTo(1000);
    var refunds = get("/orders/" + orderId + "/refunds").body().path("refunds");
    assertThat(refunds.size()).isEqualTo(1);
    assertThat(refunds.get(0).path("state").asString()).isEqualTo("DONE");
    assertProblem(refund(orderId, ALL, newKey()), 409, "NOTHING_TO_REFUND");
    assertThat(store.loadEvents(orderId, 0))
        .extracting(event -> event.reason() == null ? "" : event.reason().code())
        .containsExactly("", "", "REFUND_REQUESTED", "REFUNDED");
  }

  @Test
  void whoPrefersToWaitGetsTheEndedRefundAndWhatTheOrderIsThen() {
    var orderId = confirmedOrder(pens(UUID.randomUUID(), 4));
    var first =
        sendAsync(
            posting(
                "/orders/" + orderId + "/refunds",
                ALL,
                "Idempotency-Key",
                newKey(),
                "Prefer",
                "wait=9"));
    await().until(() -> get("/orders/" + orderId + "/refunds").body().path("refunds").size() == 1);
    var refundId = get("/orders/" + orderId + "/refunds").body().path("refunds").get(0);

    publish(done(UUID.fromString(refundId.path("refundId").asString())));

    var ended = within(first);
    assertThat(ended.status()).isEqualTo(201);
    assertThat(ended.state()).isEqualTo("DONE");
    assertThat(ended.header("preference-applied")).isEqualTo("wait=9");
    assertThat(order(orderId, "refundState")).isEqualTo("FULL");
  }

  @Test
  void whoHasWaitedLongEnoughForARefundGetsItAsItStands() {
    var orderId = confirmedOrder(pens(UUID.randomUUID(), 4));

    var answer =
        send(
            "/orders/" + orderId + "/refunds",
            ALL,
            "Idempotency-Key",
            newKey(),
            "Prefer",
            "wait=1");

    assertThat(answer.status()).isEqualTo(202);
    assertThat(answer.state()).isEqualTo("PENDING");
    assertThat(answer.header("preference-applied")).isEqualTo("wait=1");
  }

  @Test
  void aPartialRefundPaysTheCardFirstAndTheLastOneTheRest() {
    var orderId = place(pens(UUID.randomUUID(), 4), newKey()).orderId();
    publish(
        ended(
            orderId,
            new SagaEnded(
                PlaceOrder.DEFINITION, Outcome.CONFIRMED, null, Json.text(new Paid(400, 300)))));
    awaitState(orderId, "CONFIRMED");

    var first = refund(orderId, pieces(3, false), newKey());
    publish(done(refundId(first)));
    awaitRefund(orderId, "PARTIAL");
    var second = refund(orderId, pieces(1, false), newKey());
    publish(done(refundId(second)));
    awaitRefund(orderId, "FULL");

    // 300 of the 1000 were a voucher's: 3 of 4 pieces are worth 525 of the 700 that were paid.
    assertThat(first.body().path("cardMinor").asLong()).isEqualTo(300);
    assertThat(first.body().path("walletMinor").asLong()).isEqualTo(225);
    assertThat(second.body().path("cardMinor").asLong()).isZero();
    assertThat(second.body().path("walletMinor").asLong()).isEqualTo(175);
    assertThat(get("/orders/" + orderId).body().path("refundedMinor").asLong()).isEqualTo(700);
    assertThat(input(refundId(first)).returned()).isEmpty();
  }

  @Test
  @Tag("R-O2")
  void ofManyRefundsThatAreAskedForTogetherOneIsPending() {
    var orderId = confirmedOrder(pens(UUID.randomUUID(), 4));

    var answers = together(ACTORS, _ -> refund(orderId, pieces(1, true), newKey()));

    assertThat(answers).filteredOn(answer -> answer.status() == 202).hasSize(1);
    assertThat(answers)
        .filteredOn(answer -> answer.status() != 202)
        .allSatisfy(answer -> assertProblem(answer, 409, "REFUND_PENDING"));
    assertThat(get("/orders/" + orderId + "/refunds").body().path("refunds").size()).isEqualTo(1);
  }

  @Test
  @Tag("R-O2")
  void whoeverAsksAndWheneverRefundsEndNoMoreIsPaidBackThanWasPaid() {
    var orderId = confirmedOrder(pens(UUID.randomUUID(), 10));
    var done = new AtomicInteger();

    // Each asks until no other refund is pending, and again if a busy machine let it wait too long
    // for the order (503); every third saga fails and frees its piece again.
    var answers =
        together(
            ACTORS,
            i -> {
              var answer =
                  await()
                      .atMost(Duration.ofSeconds(60))
                      .until(
                          () -> refund(orderId, pieces(1, true), newKey()),
                          asked -> asked.status() != 409 && asked.status() != 503);
              if (answer.status() == 202) {
                var refundId = refundId(answer);
                boolean fails = i % 3 == 0;
                done.addAndGet(fails ? 0 : 1);
                publish(fails ? failed(refundId) : done(refundId));
              }
              return answer;
            });
    awaitRefund(orderId, "FULL");

    assertThat(answers).extracting(Answer::status).containsOnly(202, 422);
    assertThat(done.get()).isEqualTo(10);
    assertThat(get("/orders/" + orderId).body().path("refundedMinor").asLong()).isEqualTo(2500);
    assertProblem(refund(orderId, pieces(1, true), newKey()), 422, "MORE_THAN_BOUGHT");
  }

  @Test
  @Tag("R-O3")
  @Tag("F68")
  void oneKeyIsOneRefundHoweverOftenItIsSent() {
    var orderId = confirmedOrder(pens(UUID.randomUUID(), 4));
    var key = newKey();

    var answers =
        together(ACTORS, i -> refund(orderId, pieces(1 + (i % 4 == 3 ? 1 : 0), true), key));

    var same = answers.stream().filter(answer -> answer.status() == 202).toList();
    var other = answers.stream().filter(answer -> answer.status() != 202).toList();
    assertThat(same).extracting(Answer::text).containsOnly(same.getFirst().text());
    assertThat(same.stream().filter(answer -> answer.header("idempotency-replayed") == null))
        .hasSize(1);
    assertThat(other).allSatisfy(answer -> assertProblem(answer, 422, "IDEMPOTENCY_KEY_REUSED"));
    assertThat(List.of(same.size(), other.size())).containsExactlyInAnyOrder(90, 30);
    assertThat(get("/orders/" + orderId + "/refunds").body().path("refunds").size()).isEqualTo(1);
  }

  @Test
  @Tag("R-O3")
  void aKnownKeyGivesWhereItsRefundStands() {
    var orderId = confirmedOrder(pens(UUID.randomUUID(), 4));
    var key = newKey();
    var refundId = refundId(refund(orderId, ALL, key));
    publish(done(refundId));
    awaitRefund(orderId, "FULL");

    var again = refund(orderId, ALL, key);

    assertThat(again.status()).isEqualTo(201);
    assertThat(refundId(again)).isEqualTo(refundId);
    assertThat(again.header("idempotency-replayed")).isEqualTo("true");
  }

  @Test
  void aFailedRefundGivesItsPiecesBackAndSaysWhy() {
    var orderId = confirmedOrder(pens(UUID.randomUUID(), 4));
    var refundId = refundId(refund(orderId, ALL, newKey()));

    publish(failed(refundId));

    awaitRefund(orderId, "NONE");
    var refund = get("/orders/%s/refunds/%s".formatted(orderId, refundId)).body();
    assertThat(refund.path("state").asString()).isEqualTo("FAILED");
    assertThat(refund.path("failure").path("code").asString()).isEqualTo("CARD_REFUND_DECLINED");
    assertThat(refund(orderId, ALL, newKey()).status()).isEqualTo(202);
  }

  @Test
  @Tag("O")
  void anEndStaysWhateverComesAfterIt() {
    var orderId = confirmedOrder(pens(UUID.randomUUID(), 4));
    var refundId = refundId(refund(orderId, pieces(2, true), newKey()));
    var done = done(refundId);

    publish(done, done, done(refundId), failed(refundId));
    awaitRefund(orderId, "PARTIAL");
    var last = confirmedOrder(pens(UUID.randomUUID(), 1));

    assertThat(order(last, "refundState")).isEqualTo("NONE");
    assertThat(order(orderId, "refundState")).isEqualTo("PARTIAL");
    assertThat(get("/orders/" + orderId).body().path("refundedMinor").asLong()).isEqualTo(500);
  }

  @Test
  void whatIsNotConfirmedOrSplitUnknownIsNotRefunded() {
    var pending = placed();
    assertProblem(refund(pending, ALL, newKey()), 409, "NOT_CONFIRMED");
    publish(cancelled(pending, "INSUFFICIENT_BALANCE", "insufficient balance"));
    awaitState(pending, "REJECTED");
    assertProblem(refund(pending, ALL, newKey()), 409, "NOT_CONFIRMED");

    var byCard =
        confirmedOrder(
            "{\"customerId\":\"%s\",\"paymentMethod\":\"pm_card_visa\",\"lines\":[{\"sku\":\"PEN\",\"quantity\":1}]}"
                .formatted(UUID.randomUUID()));
    assertProblem(refund(byCard, ALL, newKey()), 409, "PAYMENT_SPLIT_UNKNOWN");
  }

  @Test
  @Tag("R-O4")
  void somebodyElsesOrderIsAsUnknownAsNone() {
    var customer = UUID.randomUUID();
    var orderId = confirmedOrder(pens(customer, 1));
    var path = "/orders/" + orderId + "/refunds";
    var foreign = "?customerId=" + UUID.randomUUID();
    var own = send(path + "?customerId=" + customer, ALL, "Idempotency-Key", newKey());

    assertThat(own.status()).isEqualTo(202);
    assertProblem(send(path + foreign, ALL, "Idempotency-Key", newKey()), 404, "UNKNOWN_ORDER");
    assertProblem(get(path + foreign), 404, "UNKNOWN_ORDER");
    assertProblem(get(path + "/" + refundId(own) + foreign), 404, "UNKNOWN_ORDER");
    assertProblem(get(path + "/" + UUID.randomUUID()), 404, "UNKNOWN_REFUND");
    assertProblem(get("/orders/" + UUID.randomUUID() + "/refunds"), 404, "UNKNOWN_ORDER");
  }

  @Test
  @Tag("R-X4")
  void refusesWhatIsNoRefund() {
    var orderId = confirmedOrder(pens(UUID.randomUUID(), 2));

    assertProblem(send("/orders/" + orderId + "/refunds", ALL), 400, "IDEMPOTENCY_KEY_MISSING");
    assertProblem(refund(orderId, "{\"reason\":\"x\"}", newKey()), 400, "INVALID_FIELD");
    assertProblem(refund(orderId, "{\"returned\":true}", newKey()), 400, "INVALID_FIELD");
    assertProblem(
        refund(orderId, "{\"returned\":true,\"reason\":\"x\",\"lines\":[]}", newKey()),
        400,
        "INVALID_FIELD");
    assertProblem(refund(orderId, pieces(0, true), newKey()), 400, "INVALID_FIELD");
    assertProblem(refund(orderId, pieces(3, true), newKey()), 422, "MORE_THAN_BOUGHT");
    assertProblem(
        refund(
            orderId,
            "{\"returned\":true,\"reason\":\"x\",\"lines\":[{\"line\":1,\"quantity\":1}]}",
            newKey()),
        422,
        "UNKNOWN_LINE");
    assertProblem(
        refund(orderId, "{\"returned\":true,\"reason\":\"x\",\"amountMinor\":1}", newKey()),
        400,
        "UNKNOWN_FIELD");
  }

  @Test
  @Tag("K")
  void aStartThatNobodyAnswersIsSentAgain() {
    var orderId = confirmedOrder(pens(UUID.randomUUID(), 4));
    var refundId = refundId(refund(orderId, pieces(2, true), newKey()));

    for (int sent = 1; sent < 3; sent++) {
      int before = sent;
      makeRefundDue(refundId);
      await().until(() -> started(refundId).size() > before);
    }

    assertThat(started(refundId)).containsOnly(started(refundId).getFirst());
    publish(done(refundId));
    awaitRefund(orderId, "PARTIAL");
  }

  private Answer refund(UUID orderId, String body, String key) {
    return send("/orders/" + orderId + "/refunds", body, "Idempotency-Key", key);
  }

  private static String pieces(long quantity, boolean returned) {
    return "{\"returned\":%s,\"reason\":\"broken\",\"lines\":[{\"line\":0,\"quantity\":%d}]}"
        .formatted(returned, quantity);
  }

  private static UUID refundId(Answer answer) {
    assertThat(answer.body().has("refundId")).as(answer.text()).isTrue();
    return UUID.fromString(answer.body().path("refundId").asString());
  }

  private RefundOrder input(UUID refundId) {
    return Json.read(started(refundId).getFirst().input(), RefundOrder.class);
  }

  private String order(UUID orderId, String field) {
    return get("/orders/" + orderId).body().path(field).asString();
  }

  private void awaitRefund(UUID orderId, String state) {
    await().until(() -> order(orderId, "refundState").equals(state));
  }

  private static Envelope done(UUID refundId) {
    return ended(refundId, new SagaEnded(RefundOrder.DEFINITION, Outcome.CONFIRMED, null));
  }

  private static Envelope failed(UUID refundId) {
    return ended(
        refundId,
        new SagaEnded(
            RefundOrder.DEFINITION,
            Outcome.CANCELLED,
            new Reason("CARD_REFUND_DECLINED", "the card does not take money back")));
  }
}
