package io.holdfast.order;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.holdfast.contracts.saga.SagaContract;
import java.net.http.HttpRequest;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("R-O5")
class CancelIT extends RunningOrderService {

  private static final int ACTORS = 120;

  @Test
  void aPendingOrderIsAskedToBeCancelledOnce() {
    var orderId = placed();

    var first = post("/orders/" + orderId + "/cancel");
    var second = post("/orders/" + orderId + "/cancel");

    assertThat(first.status()).isEqualTo(202);
    assertThat(first.state()).isEqualTo("PENDING");
    assertThat(first.body().path("cancelRequestedAt").isNull()).isFalse();
    assertThat(second.text()).isEqualTo(first.text());
    assertThat(said(orderId, SagaContract.CANCEL_TYPE)).hasSize(1);
  }

  @Test
  void aCancelledOrderSaysSoAgain() {
    var orderId = placed();
    post("/orders/" + orderId + "/cancel");
    publish(cancelled(orderId, "CANCELLED_BY_CUSTOMER", "cancelled by the customer"));
    await().until(() -> state(orderId).equals("CANCELLED"));

    var again = post("/orders/" + orderId + "/cancel");

    assertThat(again.status()).isEqualTo(200);
    assertThat(again.body().path("reason").path("code").asString())
        .isEqualTo("CANCELLED_BY_CUSTOMER");
  }

  @Test
  void aConfirmedOrderIsTooLate() {
    var orderId = placed();
    publish(confirmed(orderId));
    await().until(() -> state(orderId).equals("CONFIRMED"));

    var answer = post("/orders/" + orderId + "/cancel");

    assertThat(answer.status()).isEqualTo(409);
    assertThat(answer.body().path("code").asString()).isEqualTo("TOO_LATE");
    assertThat(answer.body().path("refunds").asString())
        .isEqualTo("/orders/" + orderId + "/refunds");
    assertThat(said(orderId, SagaContract.CANCEL_TYPE)).isEmpty();
  }

  @Test
  void aRejectedOrderHasNothingToCancel() {
    var orderId = placed();
    publish(cancelled(orderId, "INSUFFICIENT_BALANCE", "insufficient balance"));
    await().until(() -> state(orderId).equals("REJECTED"));

    var answer = post("/orders/" + orderId + "/cancel");

    assertThat(answer.status()).isEqualTo(409);
    assertThat(answer.body().path("code").asString()).isEqualTo("ALREADY_REJECTED");
  }

  @Test
  void whoWaitsLearnsWhetherItCameInTime() {
    var cancelled = placed();
    var confirmed = placed();
    var first = cancelAndWait(cancelled);
    var second = cancelAndWait(confirmed);
    await().until(() -> !said(cancelled, SagaContract.CANCEL_TYPE).isEmpty());
    await().until(() -> !said(confirmed, SagaContract.CANCEL_TYPE).isEmpty());

    publish(
        cancelled(cancelled, "CANCELLED_BY_CUSTOMER", "cancelled by the customer"),
        confirmed(confirmed));

    assertThat(within(first))
        .satisfies(
            answer -> {
              assertThat(answer.status()).isEqualTo(200);
              assertThat(answer.state()).isEqualTo("CANCELLED");
              assertThat(answer.header("preference-applied")).isEqualTo("wait=10");
            });
    assertThat(within(second).status()).isEqualTo(409);
  }

  @Test
  void howeverManyAskTheSagaIsAskedOnce() {
    var orderId = placed();

    var answers = together(ACTORS, _ -> post("/orders/" + orderId + "/cancel"));

    assertThat(answers).extracting(Answer::status).containsOnly(202);
    assertThat(answers).extracting(Answer::text).containsOnly(answers.getFirst().text());
    assertThat(said(orderId, SagaContract.CANCEL_TYPE)).hasSize(1);
  }

  /** Each order is confirmed by its saga while its customer cancels: the saga's word stands. */
  @Test
  void aCancellationThatMeetsAConfirmationIsInProgressOrTooLateButNeverDone() {
    var orderIds = IntStream.range(0, ACTORS).mapToObj(_ -> placed()).toList();

    var answers =
        together(
            2 * ACTORS,
            i -> {
              var orderId = orderIds.get(i / 2);
              if (i % 2 == 0) {
                publish(confirmed(orderId));
                return get("/orders/" + orderId);
              }
              return post("/orders/" + orderId + "/cancel");
            });

    for (int i = 0; i < ACTORS; i++) {
      var orderId = orderIds.get(i);
      var answer = answers.get(2 * i + 1);
      awaitState(orderId, "CONFIRMED");
      assertThat(answer.status()).isIn(202, 409);
      boolean asked = !said(orderId, SagaContract.CANCEL_TYPE).isEmpty();
      assertThat(asked || answer.status() == 409).isTrue();
      assertThat(said(orderId, SagaContract.CANCEL_TYPE)).hasSize(asked ? 1 : 0);
      assertThat(store.loadEvents(orderId, 0))
          .extracting(OrderEvent::state)
          .containsExactlyElementsOf(
              asked
                  ? List.of(OrderState.PENDING, OrderState.PENDING, OrderState.CONFIRMED)
                  : List.of(OrderState.PENDING, OrderState.CONFIRMED));
      assertProblem(post("/orders/" + orderId + "/cancel"), 409, "TOO_LATE");
    }
  }

  @Test
  @Tag("R-O4")
  void somebodyElsesOrderIsAsUnknownAsNone() {
    var orderId = placed();

    var foreign = post("/orders/" + orderId + "/cancel?customerId=" + UUID.randomUUID());

    assertThat(foreign.status()).isEqualTo(404);
    assertThat(said(orderId, SagaContract.CANCEL_TYPE)).isEmpty();
  }

  private CompletableFuture<Answer> cancelAndWait(UUID orderId) {
    return sendAsync(
        request("/orders/" + orderId + "/cancel")
            .header("Prefer", "wait=20")
            .POST(HttpRequest.BodyPublishers.noBody()));
  }
}
