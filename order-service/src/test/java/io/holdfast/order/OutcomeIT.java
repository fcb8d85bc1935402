package io.holdfast.order;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.holdfast.contracts.SagaId;
import io.holdfast.contracts.saga.SagaContract;
import io.holdfast.contracts.saga.SagaEnded;
import io.holdfast.messaging.Envelope;
import io.holdfast.messaging.TraceParent;
import io.holdfast.messaging.UuidV7;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

class OutcomeIT extends RunningOrderService {

  @Autowired PlacementHandler handler;

  @Test
  void aConfirmedSagaConfirmsItsOrder() {
    var orderId = placed();

    publish(confirmed(orderId));

    await().until(() -> state(orderId).equals("CONFIRMED"));
    var order = get("/orders/" + orderId).body();
    assertThat(order.path("endedAt").isNull()).isFalse();
    assertThat(order.path("reason").isNull()).isTrue();
  }

  @Test
  void aRefusalReachesTheOrderWithItsReason() {
    var orderId = placed();

    publish(cancelled(orderId, "INSUFFICIENT_STOCK", "insufficient stock: PEN"));

    await().until(() -> state(orderId).equals("REJECTED"));
    var reason = get("/orders/" + orderId).body().path("reason");
    assertThat(reason.path("code").asString()).isEqualTo("INSUFFICIENT_STOCK");
    assertThat(reason.path("detail").asString()).isEqualTo("insufficient stock: PEN");
  }

  @Test
  void aPassedDeadlineCancelsTheOrder() {
    var orderId = placed();

    publish(cancelled(orderId, "DEADLINE_PASSED", "too late"));

    await().until(() -> state(orderId).equals("CANCELLED"));
  }

  @Test
  @Tag("O")
  void anEndStaysWhateverComesAfterIt() {
    var orderId = placed();
    var confirmed = confirmed(orderId);

    publish(
        confirmed,
        confirmed,
        confirmed(orderId),
        cancelled(orderId, "INSUFFICIENT_STOCK", "a lie"),
        ended(orderId, new SagaEnded("another", SagaEnded.Outcome.CANCELLED, null)));
    var last = placed();
    publish(confirmed(last));

    await().until(() -> state(last).equals("CONFIRMED"));
    await().until(() -> state(orderId).equals("CONFIRMED"));
    publish(cancelled(orderId, "INSUFFICIENT_STOCK", "a later lie"));
    var latest = placed();
    publish(confirmed(latest));
    await().until(() -> state(latest).equals("CONFIRMED"));
    assertThat(state(orderId)).isEqualTo("CONFIRMED");
    assertThat(store.loadEvents(orderId, 0)).extracting(OrderEvent::seq).containsExactly(1, 2);
  }

  @Test
  void endsOfOtherSagasAndOtherMessagesAreIgnored() {
    var orderId = placed();
    var stranger = UuidV7.next();

    publish(
        ended(stranger, new SagaEnded("withdraw", SagaEnded.Outcome.CONFIRMED, null)),
        Envelope.first(
            "saga-orchestrator",
            "io.holdfast.saga.something-new.v1",
            new SagaId(orderId),
            TraceParent.random(),
            new byte[0]),
        confirmed(orderId));

    await().until(() -> state(orderId).equals("CONFIRMED"));
    assertThat(parked(stranger)).isZero();
    assertThat(parked(orderId)).isZero();
  }

  @Test
  @Tag("F18")
  void theEndOfAnUnknownOrderIsParkedAndItsNeighboursGoOn() {
    var orderId = placed();
    var unknown = UuidV7.next();

    publish(confirmed(unknown), confirmed(orderId));

    await().atMost(Duration.ofSeconds(30)).until(() -> parked(unknown) == 1);
    await().until(() -> state(orderId).equals("CONFIRMED"));
  }

  @Test
  @Tag("F18")
  void anEndThatOvertakesItsOrderWaitsForIt() {
    var placement = Placements.of("PEN", 1);

    publish(confirmed(placement.orderId()));
    handler.write(List.of(placement));

    await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> state(placement.orderId()).equals("CONFIRMED"));
  }

  @Test
  @Tag("F19")
  void anEndThatNobodyCanReadIsParkedAlone() {
    var orderId = placed();
    var broken = placed();

    publish(
        Envelope.first(
            "saga-orchestrator",
            SagaContract.ENDED_TYPE,
            new SagaId(broken),
            TraceParent.random(),
            "{\"definition\":".getBytes(StandardCharsets.UTF_8)),
        confirmed(orderId));

    await().until(() -> state(orderId).equals("CONFIRMED"));
    await().until(() -> parked(broken) == 1);
    assertThat(state(broken)).isEqualTo("PENDING");
  }

  private long parked(UUID sagaId) {
    return jdbc.sql("select count(*) from parked_message where message_key = ?")
        .param(sagaId.toString())
        .query(Long.class)
        .single();
  }
}
