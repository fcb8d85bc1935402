package io.holdfast.order;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.holdfast.contracts.saga.CancelSaga;
import io.holdfast.contracts.saga.PlaceOrder;
import io.holdfast.contracts.saga.SagaContract;
import io.holdfast.contracts.saga.StartSaga;
import io.holdfast.messaging.Envelope;
import io.holdfast.messaging.Json;
import java.util.UUID;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("K")
class ResendIT extends RunningOrderService {

  @Test
  void aStartThatNobodyAnswersIsSentAgainAsANewMessageOfTheSameSaga() {
    var orderId = placed();

    for (int sent = 1; sent < 3; sent++) {
      sendAgain(orderId, SagaContract.START_TYPE);
    }

    var starts = said(orderId, SagaContract.START_TYPE);
    assertThat(starts).extracting(Envelope::id).doesNotHaveDuplicates();
    assertThat(starts)
        .extracting(start -> Json.read(start.body(), StartSaga.class))
        .containsOnly(Json.read(starts.getFirst().body(), StartSaga.class));
    assertThat(
            Json.read(
                Json.read(starts.getLast().body(), StartSaga.class).input(), PlaceOrder.class))
        .extracting(PlaceOrder::totalMinor)
        .isEqualTo(250L);
    assertThat(said(orderId, SagaContract.CANCEL_TYPE)).isEmpty();
  }

  @Test
  void anOrderThatEndedIsLeftAlone() {
    var orderId = placed();
    publish(confirmed(orderId));
    await().until(() -> state(orderId).equals("CONFIRMED"));
    int sent = said(orderId, SagaContract.START_TYPE).size();

    sendAgain(placed(), SagaContract.START_TYPE);

    assertThat(said(orderId, SagaContract.START_TYPE)).hasSize(sent);
    assertThat(
            jdbc.sql("select count(*) from orders where order_id = ? and next_action_at is null")
                .param(orderId)
                .query(Long.class)
                .single())
        .isEqualTo(1);
  }

  @Test
  void aCancellationThatNobodyAnswersIsSentAgainBehindTheStart() {
    var orderId = placed();
    post("/orders/" + orderId + "/cancel");

    sendAgain(orderId, SagaContract.CANCEL_TYPE);

    var said = said(orderId);
    assertThat(said)
        .extracting(Envelope::type)
        .startsWith(SagaContract.START_TYPE, SagaContract.CANCEL_TYPE, SagaContract.START_TYPE);
    assertThat(Json.read(said.get(1).body(), CancelSaga.class).reason().code())
        .isEqualTo("CANCELLED_BY_CUSTOMER");
  }

  private void sendAgain(UUID orderId, String type) {
    int before = said(orderId, type).size();
    makeDue(orderId);
    await().until(() -> said(orderId, type).size() > before);
  }
}
