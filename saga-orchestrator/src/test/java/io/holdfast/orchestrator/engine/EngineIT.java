package io.holdfast.orchestrator.engine;

import static io.holdfast.contracts.Phase.CANCEL;
import static io.holdfast.contracts.Phase.CONFIRM;
import static io.holdfast.contracts.Phase.TRY;
import static io.holdfast.orchestrator.TripSagas.CARDS;
import static io.holdfast.orchestrator.TripSagas.HOP;
import static io.holdfast.orchestrator.TripSagas.ROOMS;
import static io.holdfast.orchestrator.TripSagas.SEATS;
import static io.holdfast.orchestrator.TripSagas.TRIP;
import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.contracts.Reason;
import io.holdfast.contracts.SagaId;
import io.holdfast.contracts.saga.SagaContract;
import io.holdfast.messaging.Envelope;
import io.holdfast.orchestrator.RunningOrchestrator;
import io.holdfast.orchestrator.TripSagas.Booked;
import io.holdfast.testing.StatementCounter;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

/** Messages in, transactions on the real database, messages out. */
class EngineIT extends RunningOrchestrator {

  private static final Reason SOLD_OUT = new Reason("SOLD_OUT", "sold out: Oslo");

  @Autowired StatementCounter statements;

  private static Envelope booked(SagaId saga, boolean seat, long priceMinor) {
    return done(saga, seat ? SEATS : ROOMS, TRY, 1, new Booked(priceMinor));
  }

  @Test
  @Tag("R-S1")
  void aSagaGoesFromItsStartToItsConfirmedEnd() {
    var saga = newSaga();

    deliver(start(saga, TRIP));
    deliver(booked(saga, true, 300));
    deliver(booked(saga, false, 400));
    deliver(done(saga, CARDS, TRY));
    deliver(done(saga, CARDS, CONFIRM));
    deliver(done(saga, SEATS, CONFIRM));
    deliver(done(saga, ROOMS, CONFIRM));

    assertThat(history(saga))
        .containsExactly(
            "started, asking seats and rooms to TRY -> TRYING",
            "seats TRY done -> TRYING",
            "rooms TRY done, asking cards to TRY -> TRYING",
            "cards TRY done, asking cards to CONFIRM -> PIVOTING",
            "cards CONFIRM done, asking seats and rooms to CONFIRM -> CONFIRMING",
            "seats CONFIRM done -> CONFIRMING",
            "rooms CONFIRM done -> CONFIRMED");
    assertThat(brief(saga))
        .containsExactly(
            "seats TRY #1",
            "rooms TRY #1",
            "cards TRY #1",
            "cards CONFIRM #1",
            "seats CONFIRM #1",
            "rooms CONFIRM #1",
            "trip ended CONFIRMED");
    assertThat(said(saga).get(2).body()).asString().isEqualTo("{\"amountMinor\":700}");
    assertThat(row(saga))
        .isEqualTo(
            new Row(
                "CONFIRMED",
                null,
                1,
                7,
                null,
                "{\"seats\":{\"priceMinor\":300},\"rooms\":{\"priceMinor\":400}}",
                false));
  }

  @Test
  void everyMessageBelongsToItsCauseAndToTheTraceOfTheStart() {
    var saga = newSaga();
    var start = start(saga, HOP);
    var reply = done(saga, SEATS, TRY);

    deliver(start);
    deliver(reply);

    assertThat(said(saga))
        .extracting(Envelope::causationId)
        .containsExactly(start.id(), reply.id());
    assertThat(said(saga).getFirst().trace().traceId()).isEqualTo(start.trace().traceId());
  }

  @Test
  @Tag("R-S1")
  void aRefusalCancelsAllOthersAndItsReasonIsTheSagas() {
    var saga = newSaga();

    deliver(start(saga, TRIP));
    deliver(booked(saga, true, 300));
    deliver(refused(saga, ROOMS, TRY, SOLD_OUT));
    deliver(done(saga, SEATS, CANCEL));

    assertThat(history(saga))
        .containsExactly(
            "started, asking seats and rooms to TRY -> TRYING",
            "seats TRY done -> TRYING",
            "rooms TRY refused: sold out: Oslo, asking seats to CANCEL -> CANCELLING",
            "seats CANCEL done -> CANCELLED");
    assertThat(brief(saga))
        .containsExactly(
            "seats TRY #1", "rooms TRY #1", "seats CANCEL #1", "trip ended CANCELLED SOLD_OUT");
    assertThat(row(saga).reasonCode()).isEqualTo("SOLD_OUT");
    assertThat(row(saga).hasNextAction()).isFalse();
  }

  @Test
  @Tag("F10")
  void aCancellationAlsoReachesWhoHasNotAnswered() {
    var saga = newSaga();

    deliver(start(saga, TRIP));
    deliver(booked(saga, true, 300));
    deliver(cancel(saga));
    deliver(booked(saga, false, 400));
    deliver(done(saga, ROOMS, CANCEL), done(saga, SEATS, CANCEL));

    assertThat(brief(saga))
        .containsExactly(
            "seats TRY #1",
            "rooms TRY #1",
            "seats CANCEL #1",
            "rooms CANCEL #1",
            "trip ended CANCELLED CANCELLED_BY_CUSTOMER");
  }

  @Test
  @Tag("F13")
  void aPivotThatIsDeclinedCancelsEverythingThatIsHeld() {
    var saga = newSaga();

    deliver(start(saga, TRIP), booked(saga, true, 300), booked(saga, false, 400));
    deliver(done(saga, CARDS, TRY));
    deliver(refused(saga, CARDS, CONFIRM, new Reason("CARD_DECLINED", "card declined")));

    assertThat(row(saga).state()).isEqualTo("CANCELLING");
    assertThat(row(saga).reasonCode()).isEqualTo("CARD_DECLINED");
    assertThat(brief(saga))
        .endsWith("cards CONFIRM #1", "seats CANCEL #1", "rooms CANCEL #1", "cards CANCEL #1");
  }

  @Test
  @Tag("F16")
  void aHundredSagasTakeAsManyStatementsAsOne() {
    var one = newSagas(1);
    var many = newSagas(100);

    for (var what :
        List.<Function<SagaId, Envelope>>of(
            saga -> start(saga, HOP),
            saga -> done(saga, SEATS, TRY),
            saga -> done(saga, SEATS, TRY),
            saga -> start(saga, HOP),
            saga -> done(saga, SEATS, CONFIRM))) {
      var ofOne = statements.executedBy(() -> deliver(one.stream().map(what).toList()));
      var ofMany = statements.executedBy(() -> deliver(many.stream().map(what).toList()));

      assertThat(ofMany).isEqualTo(ofOne).hasSizeBetween(2, 5);
    }
    assertThat(many).allSatisfy(saga -> assertThat(row(saga).state()).isEqualTo("CONFIRMED"));
    assertThat(saidToAll().get(many.getLast())).hasSize(3);
  }

  @Test
  @Tag("F17")
  void twoRepliesOfOneSagaInOneBatchAreBothApplied() {
    var saga = newSaga();
    deliver(start(saga, TRIP));

    deliver(booked(saga, true, 0), booked(saga, false, 0));

    assertThat(brief(saga))
        .containsExactly("seats TRY #1", "rooms TRY #1", "seats CONFIRM #1", "rooms CONFIRM #1");
    assertThat(row(saga).version()).isEqualTo(3);
  }

  @Test
  @Tag("F17")
  void aWholeSagaFitsIntoOneBatch() {
    var saga = newSaga();

    deliver(
        start(saga, TRIP),
        booked(saga, true, 0),
        booked(saga, false, 0),
        done(saga, ROOMS, CONFIRM),
        done(saga, SEATS, CONFIRM));

    assertThat(row(saga).state()).isEqualTo("CONFIRMED");
    assertThat(history(saga)).hasSize(5);
  }

  @Test
  @Tag("F20")
  void aMessageThatComesAgainIsNotEvenNoticed() {
    var saga = newSaga();
    var start = start(saga, HOP);
    var reply = done(saga, SEATS, TRY);

    deliver(start, start);
    deliver(start, reply, reply);
    deliver(reply);

    assertThat(brief(saga)).containsExactly("seats TRY #1", "seats CONFIRM #1");
    assertThat(history(saga)).hasSize(2);
  }

  @Test
  void anAnswerToAnEarlierSendOfTheSameCommandCounts() {
    var saga = newSaga();
    deliver(start(saga, HOP));
    jdbc.sql("update saga set attempt = 3 where id = ?").param(saga.value()).update();

    deliver(done(saga, SEATS, TRY, 2, null));
    deliver(done(saga, SEATS, TRY, 3, null));

    assertThat(brief(saga)).containsExactly("seats TRY #1", "seats CONFIRM #1");
    assertThat(history(saga).getLast())
        .isEqualTo("seats TRY done, answering attempt 3 that is not pending -> CONFIRMING");
  }

  @Test
  void anAnswerToASendThatNeverWasIsShownAndHasNoEffect() {
    var saga = newSaga();
    deliver(start(saga, HOP));
    double ignored = counter("saga.decisions", "kind", "IGNORED");

    deliver(done(saga, SEATS, TRY, 2, new Booked(1)));

    assertThat(row(saga).state()).isEqualTo("TRYING");
    assertThat(row(saga).answers()).isEqualTo("{}");
    assertThat(brief(saga)).containsExactly("seats TRY #1");
    assertThat(history(saga).getLast()).contains("answering attempt 2 that is not pending");
    assertThat(counter("saga.decisions", "kind", "IGNORED")).isEqualTo(ignored + 1);
  }

  @Test
  @Tag("F4")
  void aLateAnswerDoesNotChangeWhatLaterStepsWereTold() {
    var saga = newSaga();
    deliver(start(saga, TRIP), booked(saga, true, 300), booked(saga, false, 400));

    deliver(booked(saga, true, 999));

    assertThat(row(saga).answers()).contains("300").doesNotContain("999");
    assertThat(history(saga).getLast()).contains("too late, nothing changed");
    assertThat(brief(saga)).hasSize(3);
  }

  @Test
  @Tag("F4")
  void repliesToAnEndedSagaAreShownAndHaveNoEffect() {
    var saga = newSaga();
    deliver(start(saga, HOP), done(saga, SEATS, TRY), done(saga, SEATS, CONFIRM));
    double ignored = counter("saga.decisions", "kind", "IGNORED");
    int said = said(saga).size();

    deliver(done(saga, SEATS, CONFIRM), refused(saga, SEATS, TRY, SOLD_OUT), cancel(saga));

    assertThat(row(saga).state()).isEqualTo("CONFIRMED");
    assertThat(row(saga).attention()).isNull();
    assertThat(row(saga).reasonCode()).isNull();
    assertThat(said(saga)).hasSize(said);
    assertThat(history(saga).subList(3, 6)).allMatch(line -> line.contains("too late"));
    assertThat(counter("saga.decisions", "kind", "IGNORED")).isEqualTo(ignored + 3);
  }

  @Test
  @Tag("F5")
  void anAnswerThatContradictsTheEndCallsAnOperator() {
    var saga = newSaga();
    deliver(start(saga, HOP), done(saga, SEATS, TRY), done(saga, SEATS, CONFIRM));
    double conflicts = counter("saga.decisions", "kind", "CONFLICT");

    deliver(done(saga, SEATS, CANCEL));

    assertThat(row(saga).state()).isEqualTo("CONFIRMED");
    assertThat(row(saga).attention()).isEqualTo("seats CANCEL done");
    assertThat(counter("saga.decisions", "kind", "CONFLICT")).isEqualTo(conflicts + 1);
  }

  @Test
  @Tag("F5")
  void aConflictIsHeardWhicheverAttemptItAnswers() {
    var saga = newSaga();
    deliver(start(saga, HOP), done(saga, SEATS, TRY));

    deliver(conflict(saga, SEATS, CONFIRM, 7));

    assertThat(row(saga).attention()).contains("seats never tried");
    assertThat(row(saga).state()).isEqualTo("CONFIRMING");
  }

  @Test
  @Tag("F18")
  void aReplyToASagaThatNeverComesIsParkedAndTheOthersGoOn() {
    var known = newSaga();
    var unknown = newSaga();
    deliver(start(known, HOP));
    double parked = counter("inbox.parked", "consumer", "saga");

    deliver(done(unknown, SEATS, TRY), done(known, SEATS, TRY));

    assertThat(row(known).state()).isEqualTo("CONFIRMING");
    assertThat(count(unknown)).isZero();
    assertThat(said(unknown)).isEmpty();
    assertThat(parked(unknown)).singleElement().asString().contains("is not visible");
    assertThat(counter("inbox.parked", "consumer", "saga")).isEqualTo(parked + 1);
  }

  @Test
  @Tag("F19")
  void whatCannotBeAStartIsParkedAndTheOthersGoOn() {
    var good = newSaga();
    var unknown = newSaga();
    var broken = newSaga();
    var reserved = newSaga();
    var noJson = newSaga();

    deliver(
        start(unknown, "no-such-saga"),
        start(broken, HOP, "{\"to\":"),
        start(good, HOP),
        start(reserved, SagaDefinitions.PRESUMED_ABORT),
        message(noJson, SagaContract.START_TYPE, new byte[] {1, 2, 3}));

    assertThat(row(good).state()).isEqualTo("TRYING");
    assertThat(parked(unknown)).singleElement().asString().contains("no-such-saga", "hop");
    assertThat(parked(reserved)).singleElement().asString().contains("presumed-abort");
    assertThat(parked(broken)).hasSize(1);
    assertThat(parked(noJson)).hasSize(1);
    assertThat(Stream.of(unknown, broken, reserved, noJson).map(this::count)).containsOnly(0L);
  }

  @Test
  @Tag("R-S1")
  void aStartThatComesAgainIsTheSameSaga() {
    var saga = newSaga();

    deliver(start(saga, HOP), start(saga, HOP));
    deliver(start(saga, HOP));

    assertThat(brief(saga)).containsExactly("seats TRY #1");
    assertThat(history(saga)).hasSize(1);
  }

  @Test
  @Tag("R-S1")
  void whoStartsAnEndedSagaAgainHearsItsEndAgain() {
    var saga = newSaga();
    deliver(start(saga, HOP), done(saga, SEATS, TRY), done(saga, SEATS, CONFIRM));

    deliver(start(saga, HOP, "{ \"to\" : \"Oslo\", \"added\" : \"by a newer starter\" }"));

    assertThat(brief(saga)).endsWith("hop ended CONFIRMED", "hop ended CONFIRMED");
    assertThat(row(saga).attention()).isNull();
    assertThat(history(saga)).hasSize(3);
  }

  @Test
  @Tag("F5")
  void anotherStartUnderTheSameIdIsAConflict() {
    var saga = newSaga();
    deliver(start(saga, HOP));
    double conflicts = counter("saga.decisions", "kind", "CONFLICT");

    deliver(start(saga, HOP, "{\"to\":\"Rome\"}"));
    deliver(start(saga, TRIP));

    assertThat(row(saga).state()).isEqualTo("TRYING");
    assertThat(row(saga).attention()).isEqualTo("started again as another trip");
    assertThat(history(saga))
        .containsExactly(
            "started, asking seats to TRY -> TRYING",
            "CONFLICT: started again as another hop -> TRYING",
            "CONFLICT: started again as another trip -> TRYING");
    assertThat(brief(saga)).containsExactly("seats TRY #1");
    assertThat(counter("saga.decisions", "kind", "CONFLICT")).isEqualTo(conflicts + 2);
  }

  @Test
  @Tag("F5")
  void whoStartsAnotherSagaUnderAnEndedOnesIdIsNotToldThatItEnded() {
    var saga = newSaga();
    deliver(start(saga, HOP), done(saga, SEATS, TRY), done(saga, SEATS, CONFIRM));
    int said = said(saga).size();

    deliver(start(saga, HOP, "{\"to\":\"Rome\"}"));

    assertThat(said(saga)).hasSize(said);
    assertThat(row(saga).state()).isEqualTo("CONFIRMED");
    assertThat(row(saga).attention()).isEqualTo("started again as another hop");
  }

  @Test
  @Tag("F44")
  void aStartThatComesAfterItsSagaWasPresumedAbortedHearsSo() {
    var saga = newSaga();
    deliver(asks(saga, SEATS));

    deliver(start(saga, HOP));

    assertThat(brief(saga)).containsExactly("seats CANCEL #1", "hop ended CANCELLED UNKNOWN_SAGA");
    assertThat(row(saga).state()).isEqualTo("CANCELLED");
  }

  @Test
  @Tag("F8")
  void aParticipantThatAsksHearsTheDecisionOnceThereIsOne() {
    var saga = newSaga();
    deliver(start(saga, HOP));

    deliver(asks(saga, SEATS));
    int beforeDecision = said(saga).size();
    deliver(done(saga, SEATS, TRY));
    deliver(asks(saga, SEATS));

    assertThat(beforeDecision).isEqualTo(1);
    assertThat(brief(saga)).containsExactly("seats TRY #1", "seats CONFIRM #1", "seats CONFIRM #1");
  }

  @Test
  @Tag("F19")
  void aReplyOfAStrangerIsParked() {
    var saga = newSaga();
    deliver(start(saga, HOP));

    deliver(done(saga, ROOMS, TRY), message(saga, "io.example.unknown.v1", new byte[0]));

    assertThat(row(saga).version()).isEqualTo(1);
    assertThat(parked(saga)).hasSize(2);
    assertThat(parked(saga).getFirst()).contains("has no step rooms");
  }
}
