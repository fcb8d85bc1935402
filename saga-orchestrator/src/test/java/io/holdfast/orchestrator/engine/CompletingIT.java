package io.holdfast.orchestrator.engine;

import static io.holdfast.contracts.Phase.CANCEL;
import static io.holdfast.contracts.Phase.CONFIRM;
import static io.holdfast.contracts.Phase.TRY;
import static io.holdfast.orchestrator.TripSagas.CRUISE;
import static io.holdfast.orchestrator.TripSagas.GIFTS;
import static io.holdfast.orchestrator.TripSagas.GUIDES;
import static io.holdfast.orchestrator.TripSagas.ROOMS;
import static io.holdfast.orchestrator.TripSagas.SEATS;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.contracts.Reason;
import io.holdfast.contracts.SagaId;
import io.holdfast.messaging.TimerLoop;
import io.holdfast.orchestrator.RunningOrchestrator;
import io.holdfast.orchestrator.TripSagas.Booking;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

/** What may only succeed is done when all have confirmed, and asked for until it is done. */
@Tag("R-S1")
class CompletingIT extends RunningOrchestrator {

  @Autowired SagaEngine engine;
  @Autowired TimerLoop sagaTimer;

  @AfterEach
  void startTheTimerAgain() {
    sagaTimer.start();
  }

  /** A cruise whose seat and room are confirmed. */
  private SagaId confirmed(String to) {
    var saga = newSaga();
    deliver(start(saga, CRUISE, "{\"to\":\"%s\"}".formatted(to)));
    deliver(done(saga, SEATS, TRY), done(saga, ROOMS, TRY));
    deliver(done(saga, SEATS, CONFIRM), done(saga, ROOMS, CONFIRM));
    return saga;
  }

  @Test
  void oneStageAfterTheOtherAndEachOnlyWhenTheOneBeforeIsDone() {
    var saga = newSaga();
    deliver(start(saga, CRUISE));
    deliver(done(saga, SEATS, TRY), done(saga, ROOMS, TRY));
    deliver(done(saga, SEATS, CONFIRM));
    var beforeAllConfirmed = brief(saga);

    deliver(done(saga, ROOMS, CONFIRM));
    var afterwards = row(saga).state();
    deliver(done(saga, GUIDES, TRY, 1, new Booking("Bergen")));
    deliver(done(saga, GIFTS, TRY));

    assertThat(beforeAllConfirmed).hasSize(4).noneMatch(command -> command.contains("guides"));
    assertThat(afterwards).isEqualTo("COMPLETING");
    assertThat(brief(saga))
        .endsWith("guides TRY #1", "gifts TRY #1", "cruise ended CONFIRMED")
        .hasSize(7);
    assertThat(new String(said(saga).get(5).body(), UTF_8)).isEqualTo("{\"place\":\"Bergen\"}");
    assertThat(row(saga).state()).isEqualTo("CONFIRMED");
    assertThat(row(saga).hasNextAction()).isFalse();
  }

  @Test
  void aRetriableStepThatIsLeftOutIsNotAsked() {
    var saga = confirmed("Nowhere");

    deliver(done(saga, GUIDES, TRY, 1, new Booking("Nowhere")));

    assertThat(brief(saga)).endsWith("guides TRY #1", "cruise ended CONFIRMED");
  }

  @Test
  @Tag("F54")
  void itIsAskedForUntilItIsDoneHoweverLongThatTakes() {
    sagaTimer.stop();
    var saga = confirmed("Oslo");

    for (int i = 0; i < 20; i++) {
      letDeadlinePass(saga);
      engine.handleBatch();
    }
    deliver(done(saga, GUIDES, TRY, 17, new Booking("Oslo")));
    deliver(done(saga, GIFTS, TRY));

    assertThat(brief(saga))
        .contains("guides TRY #21", "gifts TRY #1")
        .doesNotContain("guides CANCEL #1")
        .endsWith("cruise ended CONFIRMED");
  }

  @Test
  void aRefusalCallsAnOperatorAndIsAskedAgain() {
    sagaTimer.stop();
    var saga = confirmed("Oslo");

    deliver(refused(saga, GUIDES, TRY, new Reason("NO_GUIDE", "no guide is free")));
    var refused = row(saga);
    letDeadlinePass(saga);
    engine.handleBatch();
    var askedAgain = row(saga);
    deliver(done(saga, GUIDES, TRY, 2, new Booking("Oslo")));

    assertThat(refused.state()).isEqualTo("COMPLETING");
    assertThat(refused.attention()).contains("no guide is free");
    assertThat(refused.hasNextAction()).isTrue();
    assertThat(askedAgain.attention()).contains("no guide is free");
    assertThat(brief(saga)).contains("guides TRY #2").endsWith("gifts TRY #1");
    assertThat(row(saga).attention()).isNull();
  }

  @Test
  void nothingCancelsWhatCannotBeUndone() {
    sagaTimer.stop();
    var saga = confirmed("Oslo");

    deliver(cancel(saga));
    letDeadlinePass(saga);
    engine.handleBatch();

    assertThat(row(saga).state()).isEqualTo("COMPLETING");
    assertThat(brief(saga)).noneMatch(said -> said.contains("CANCEL"));
    assertThat(history(saga)).anyMatch(line -> line.contains("cancel requested"));
  }

  @Test
  void aCancelledSagaNeverAsksForIt() {
    var saga = newSaga();
    deliver(start(saga, CRUISE));

    deliver(refused(saga, SEATS, TRY, new Reason("SOLD_OUT", "sold out")));
    deliver(done(saga, ROOMS, CANCEL));

    assertThat(brief(saga))
        .containsExactly(
            "seats TRY #1", "rooms TRY #1", "rooms CANCEL #1", "cruise ended CANCELLED SOLD_OUT");
  }

  @Test
  void whoeverAsksHearsWhatIsStillToBeDone() {
    var saga = confirmed("Oslo");

    deliver(asks(saga, GUIDES), asks(saga, GIFTS), asks(saga, SEATS));
    deliver(done(saga, GUIDES, TRY, 1, new Booking("Oslo")));
    deliver(asks(saga, GUIDES));
    deliver(done(saga, GIFTS, TRY));
    deliver(asks(saga, GIFTS));

    assertThat(brief(saga).subList(4, brief(saga).size()))
        .containsExactly(
            "guides TRY #1",
            "guides TRY #1",
            "seats CONFIRM #1",
            "gifts TRY #1",
            "cruise ended CONFIRMED");
  }

  @Test
  @Tag("F5")
  void aConflictIsHeardWhileItCompletes() {
    var saga = confirmed("Oslo");

    deliver(conflict(saga, SEATS, CONFIRM, 1));

    assertThat(row(saga).state()).isEqualTo("COMPLETING");
    assertThat(row(saga).attention()).contains("seats");
  }
}
