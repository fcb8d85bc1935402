package io.holdfast.orchestrator.engine;

import static io.holdfast.contracts.Phase.TRY;
import static io.holdfast.orchestrator.TripSagas.HOP;
import static io.holdfast.orchestrator.TripSagas.SEATS;
import static io.holdfast.orchestrator.TripSagas.TOUR;
import static io.holdfast.orchestrator.TripSagas.VISA;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.holdfast.contracts.SagaId;
import io.holdfast.contracts.saga.SagaContract;
import io.holdfast.orchestrator.RunningOrchestrator;
import io.holdfast.testing.HoldfastTest;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

/** What keeps new sagas waiting, on the real tables. */
@HoldfastTest({
  "spring.config.name=saga-orchestrator",
  "holdfast.engine.resend-after=10m",
  "holdfast.engine.resend-at-most=10m",
  "holdfast.engine.first-tries-at-most=10"
})
class StartGateIT extends RunningOrchestrator {

  @Autowired SagaEngine engine;

  private List<SagaId> sagas;

  @BeforeEach
  void beginAsManyAsMay() {
    sagas = newSagas(10);
    deliver(sagas.stream().map(saga -> start(saga, HOP)).toList());
    assertThat(engine.startGate().waiting()).containsExactly(SagaContract.REQUESTS_TOPIC);
  }

  @Test
  void newSagasMayBeginWhenHalfHaveTheirAnswers() {
    deliver(sagas.stream().limit(5).map(saga -> done(saga, SEATS, TRY)).toList());

    awaitOpen();

    deliver(sagas.stream().skip(5).map(saga -> done(saga, SEATS, TRY)).toList());
  }

  @Test
  void whoWaitsForSomethingSlowKeepsNobodyOut() {
    sagas.forEach(this::letAskAgain);

    awaitOpen();
  }

  @Test
  void whoAwaitsAReviewerKeepsNobodyOut() {
    var awaiting = newSagas(30);
    deliver(sagas.stream().map(saga -> done(saga, SEATS, TRY)).toList());
    awaitOpen();

    deliver(awaiting.stream().map(saga -> start(saga, TOUR)).toList());
    var whileTheyWait = engine.startGate().waiting();
    deliver(awaiting.stream().map(saga -> yes(saga, VISA)).toList());

    assertThat(whileTheyWait).isEmpty();
    assertThat(engine.startGate().waiting()).containsExactly(SagaContract.REQUESTS_TOPIC);
    deliver(awaiting.stream().map(saga -> done(saga, SEATS, TRY)).toList());
  }

  private static final String RESEND_DUE =
      """
      update saga set next_action_at = now() - interval '1 s' where id = ?
      """;

  private void letAskAgain(SagaId saga) {
    jdbc.sql(RESEND_DUE).param(saga.value()).update();
  }

  private void awaitOpen() {
    await().atMost(Duration.ofSeconds(10)).until(() -> engine.startGate().waiting().isEmpty());
  }
}
