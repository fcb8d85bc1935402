package io.holdfast.orchestrator.engine;

import static io.holdfast.contracts.Phase.CANCEL;
import static io.holdfast.contracts.Phase.CONFIRM;
import static io.holdfast.contracts.Phase.TRY;
import static io.holdfast.orchestrator.TripSagas.DASH_DEADLINE;
import static io.holdfast.orchestrator.TripSagas.ROOMS;
import static io.holdfast.orchestrator.TripSagas.RUSH;
import static io.holdfast.orchestrator.TripSagas.RUSH_LIMIT;
import static io.holdfast.orchestrator.TripSagas.SEATS;
import static io.holdfast.orchestrator.TripSagas.TOUR;
import static io.holdfast.orchestrator.TripSagas.VISA;
import static io.holdfast.orchestrator.TripSagas.VISA_LIMIT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.holdfast.contracts.Reason;
import io.holdfast.contracts.SagaId;
import io.holdfast.messaging.TimerLoop;
import io.holdfast.orchestrator.RunningOrchestrator;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

/** A step that awaits a signal: nobody is asked, it has a time of its own, and it may say no. */
@Tag("R-S1")
class AwaitIT extends RunningOrchestrator {

  private static final Reason NO_VISA = new Reason("NO_VISA", "the consulate said no");

  @Autowired SagaEngine engine;
  @Autowired TimerLoop sagaTimer;

  @AfterEach
  void startTheTimerAgain() {
    sagaTimer.start();
  }

  @Test
  void nobodyIsAskedBeforeTheWordHasCome() {
    var saga = newSaga();

    deliver(start(saga, TOUR));

    assertThat(brief(saga)).isEmpty();
    assertThat(row(saga).state()).isEqualTo("AWAITING");
    assertThat(history(saga)).containsExactly("started, awaiting visa -> AWAITING");
    assertThat(timeLeft(saga)).isBetween(VISA_LIMIT.minusMinutes(1), VISA_LIMIT);
    assertThat(untilNextAction(saga)).isEqualTo(timeLeft(saga));
  }

  @Test
  void theSagaGoesOnWithItsFullTimeWhenTheWordComes() {
    var saga = newSaga();
    deliver(start(saga, TOUR));

    deliver(yes(saga, VISA));

    assertThat(brief(saga)).containsExactly("seats TRY #1");
    assertThat(row(saga).state()).isEqualTo("TRYING");
    assertThat(timeLeft(saga)).isBetween(Duration.ofMinutes(4), Duration.ofMinutes(5));
    assertThat(untilNextAction(saga)).isLessThanOrEqualTo(timeLeft(saga));
    deliver(done(saga, SEATS, TRY), done(saga, SEATS, CONFIRM));
    assertThat(brief(saga)).endsWith("tour ended CONFIRMED");
  }

  @Test
  void startAndWordMayComeInOneBatch() {
    var saga = newSaga();

    deliver(start(saga, TOUR), yes(saga, VISA), yes(saga, VISA));

    assertThat(brief(saga)).containsExactly("seats TRY #1");
    assertThat(timeLeft(saga)).isLessThanOrEqualTo(Duration.ofMinutes(5));
    assertThat(history(saga).getLast()).contains("too late, nothing changed");
  }

  @Test
  void aNoEndsTheSagaAndNothingWasEverHeld() {
    var saga = newSaga();
    deliver(start(saga, TOUR));

    deliver(no(saga, VISA, NO_VISA), yes(saga, VISA));

    assertThat(brief(saga)).containsExactly("tour ended CANCELLED NO_VISA");
    assertThat(row(saga).state()).isEqualTo("CANCELLED");
    assertThat(row(saga).attention()).isNull();
  }

  @Test
  void whoeverAskedForItMayCancelWhileItWaits() {
    var saga = newSaga();
    deliver(start(saga, TOUR));

    deliver(cancel(saga));

    assertThat(brief(saga)).containsExactly("tour ended CANCELLED CANCELLED_BY_CUSTOMER");
  }

  @Test
  @Tag("R-S2")
  void aWordThatDoesNotComeInTimeIsANo() {
    var saga = newSaga();
    sagaTimer.stop();
    deliver(start(saga, TOUR));
    letDeadlinePass(saga);

    engine.handleBatch();
    deliver(yes(saga, VISA));

    assertThat(brief(saga)).containsExactly("tour ended CANCELLED NOT_ANSWERED_IN_TIME");
    assertThat(history(saga)).contains("visa did not come in time -> CANCELLED");
  }

  @Test
  void anEarlyLookAsksNobodyAndComesBackWhenTheTimeIsOver() {
    var saga = newSaga();
    sagaTimer.stop();
    deliver(start(saga, TOUR));
    jdbc.sql("update saga set next_action_at = now() where id = ?").param(saga.value()).update();

    engine.handleBatch();

    assertThat(brief(saga)).isEmpty();
    assertThat(row(saga).state()).isEqualTo("AWAITING");
    assertThat(untilNextAction(saga)).isEqualTo(timeLeft(saga));
    deliver(yes(saga, VISA));
    assertThat(brief(saga)).containsExactly("seats TRY #1");
  }

  @Test
  void whatIsHeldBeforeAnAwaitStaysHeldAndIsGivenBackAfterANo() {
    var saga = newSaga();
    sagaTimer.stop();
    deliver(start(saga, RUSH));

    deliver(done(saga, SEATS, TRY));
    deliver(no(saga, VISA, NO_VISA));
    deliver(done(saga, SEATS, CANCEL));

    assertThat(brief(saga))
        .containsExactly("seats TRY #1", "seats CANCEL #1", "rush ended CANCELLED NO_VISA");
  }

  @Test
  @Tag("R-S2")
  @Tag("T")
  void deadlineAndLimitEachRunFromWhereTheirTimeBegins() {
    var saga = newSaga();
    deliver(start(saga, RUSH), done(saga, SEATS, TRY));
    var slow = newSaga();
    deliver(start(slow, RUSH), done(slow, SEATS, TRY), yes(slow, VISA));

    await()
        .atMost(Duration.ofSeconds(10))
        .pollInterval(Duration.ofMillis(20))
        .until(() -> row(saga).state().equals("CANCELLING"));

    assertThat(row(saga).reasonCode()).isEqualTo("NOT_ANSWERED_IN_TIME");
    assertThat(row(slow).reasonCode()).isEqualTo("DEADLINE_PASSED");
    assertThat(decidedAfter(saga)).isBetween(RUSH_LIMIT, RUSH_LIMIT.plusMillis(250));
    assertThat(decidedAfter(slow)).isBetween(DASH_DEADLINE, DASH_DEADLINE.plusMillis(250));
    assertThat(brief(slow)).contains("seats CANCEL #1", "rooms CANCEL #1");
  }

  @Test
  @Tag("F51")
  void nobodyMaySpeakForAReviewerOrForAParticipant() {
    var awaiting = newSaga();
    var trying = newSaga();
    deliver(start(awaiting, TOUR));
    deliver(start(trying, TOUR), yes(trying, VISA));

    deliver(yes(awaiting, VISA).readFrom(SEATS.repliesTopic()));
    deliver(done(trying, SEATS, TRY).readFrom("saga.requests"));
    deliver(done(trying, SEATS, TRY).readFrom(ROOMS.repliesTopic()));

    assertThat(row(awaiting).state()).isEqualTo("AWAITING");
    assertThat(row(trying).state()).isEqualTo("TRYING");
    assertThat(parked(awaiting))
        .singleElement()
        .asString()
        .contains("visa answers on saga.requests");
    assertThat(parked(trying))
        .hasSize(2)
        .allMatch(why -> why.contains("seats answers on seats.replies"));
  }

  @Test
  @Tag("F51")
  void whatIsAwaitedAsksNoQuestions() {
    var saga = newSaga();
    deliver(start(saga, TOUR));

    deliver(message(saga, "io.holdfast.saga.ask-outcome.v1", new byte[0]).about(VISA, TRY, 0));

    assertThat(parked(saga)).singleElement().asString().contains("no step visa that could ask");
    assertThat(row(saga).state()).isEqualTo("AWAITING");
  }

  private static final String MILLIS_LEFT =
      """
      select extract(epoch from deadline_at - clock_timestamp()) * 1000 as deadline,
        extract(epoch from next_action_at - clock_timestamp()) * 1000 as next_action
      from saga
      where id = ?
      """;

  /** To a second. */
  private Duration timeLeft(SagaId saga) {
    return left(saga, "deadline");
  }

  private Duration untilNextAction(SagaId saga) {
    return left(saga, "next_action");
  }

  private Duration left(SagaId saga, String what) {
    return jdbc.sql(MILLIS_LEFT)
        .param(saga.value())
        .query((row, _) -> Duration.ofSeconds(Math.round(row.getDouble(what) / 1000)))
        .single();
  }

  private static final String DECIDED_AFTER =
      """
      select extract(epoch from max(at) filter (where state = 'CANCELLING')
        - max(at) filter (where state <> 'CANCELLING')) * 1000
      from saga_history
      where saga_id = ?
      """;

  private Duration decidedAfter(SagaId saga) {
    return Duration.ofMillis(
        jdbc.sql(DECIDED_AFTER).param(saga.value()).query(Double.class).single().longValue() + 1);
  }
}
