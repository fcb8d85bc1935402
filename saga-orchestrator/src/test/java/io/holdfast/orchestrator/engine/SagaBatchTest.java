package io.holdfast.orchestrator.engine;

import static io.holdfast.orchestrator.TripSagas.contract;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.holdfast.contracts.ParticipantContract;
import io.holdfast.contracts.Phase;
import io.holdfast.contracts.Reason;
import io.holdfast.contracts.SagaId;
import io.holdfast.contracts.saga.CancelSaga;
import io.holdfast.contracts.saga.SagaContract;
import io.holdfast.contracts.saga.SagaEnded;
import io.holdfast.contracts.saga.StartSaga;
import io.holdfast.messaging.Envelope;
import io.holdfast.messaging.InvalidMessage;
import io.holdfast.messaging.Json;
import io.holdfast.messaging.RedoBatch;
import io.holdfast.messaging.TraceParent;
import io.holdfast.messaging.UuidV7;
import io.holdfast.saga.SagaDefinition;
import io.holdfast.saga.SagaState;
import io.holdfast.saga.Step;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class SagaBatchTest {

  private record Trip(String to) {}

  private record BookSeat(String to) {}

  private record SeatBooked(long priceMinor) {}

  private record Charge(long amountMinor) {}

  private static final ParticipantContract<BookSeat> SEATS = contract("seats", BookSeat.class);
  private static final ParticipantContract<Charge> CARDS = contract("cards", Charge.class);

  private static final SagaDefinition<Trip> BOOK_TRIP =
      SagaDefinition.named("book-trip", Trip.class)
          .inParallel(Step.tcc(SEATS, trip -> new BookSeat(trip.input().to())))
          .then(
              Step.<Trip, Charge>pivot(
                      CARDS,
                      trip ->
                          new Charge(
                              trip.answer(SEATS, SeatBooked.class).orElseThrow().priceMinor()))
                  .when(
                      trip -> trip.answer(SEATS, SeatBooked.class).orElseThrow().priceMinor() > 0))
          .build();

  private final SagaDefinitions definitions = new SagaDefinitions(List.of(BOOK_TRIP));
  private final SagaId id = new SagaId(UuidV7.next());

  private Envelope message(String type, byte[] body) {
    return Envelope.first("/test", type, id, TraceParent.random(), body);
  }

  private Envelope start() {
    return message(
        SagaContract.START_TYPE, Json.bytes(new StartSaga("book-trip", "{\"to\":\"Oslo\"}")));
  }

  private Envelope done(String step, Phase phase, int attempt, String data) {
    return message(SagaContract.DONE_TYPE, data.getBytes(UTF_8))
        .about(step, phase, attempt)
        .readFrom(step + ".replies");
  }

  private SagaBatch after(Envelope... messages) {
    var batch = new SagaBatch(definitions, List.of());
    Stream.of(messages).forEach(batch::apply);
    return batch;
  }

  private static SagaBatch continued(SagaDefinitions definitions, SagaBatch before) {
    return new SagaBatch(definitions, before.created());
  }

  private static List<String> sent(SagaBatch batch) {
    return batch.outgoing().stream()
        .map(out -> out.topic() + " " + out.envelope().type() + " #" + out.envelope().attempt())
        .toList();
  }

  @Test
  void aStartAsksTheFirstStage() {
    var batch = after(start());

    assertThat(sent(batch)).containsExactly("seats.commands seats.try #1");
    assertThat(new String(batch.outgoing().getFirst().envelope().body(), UTF_8))
        .isEqualTo("{\"to\":\"Oslo\"}");
    assertThat(batch.created()).hasSize(1);
  }

  @Test
  void laterMessagesOfABatchSeeWhatEarlierOnesDid() {
    var batch = after(start(), start(), done("seats", Phase.TRY, 1, "{\"priceMinor\":700}"));

    assertThat(sent(batch))
        .containsExactly("seats.commands seats.try #1", "cards.commands cards.try #1");
    assertThat(new String(batch.outgoing().getLast().envelope().body(), UTF_8))
        .isEqualTo("{\"amountMinor\":700}");
  }

  @Test
  void aConditionOnAnAnswerLeavesAStepOut() {
    var batch = after(start(), done("seats", Phase.TRY, 1, "{\"priceMinor\":0}"));

    assertThat(sent(batch))
        .containsExactly("seats.commands seats.try #1", "seats.commands seats.confirm #1");
  }

  @Test
  void theEndIsToldToWhoeverStartedIt() {
    var batch =
        after(
            start(),
            done("seats", Phase.TRY, 1, "{\"priceMinor\":0}"),
            done("seats", Phase.CONFIRM, 1, ""));

    var ended = batch.outgoing().getLast();
    assertThat(ended.topic()).isEqualTo(SagaContract.EVENTS_TOPIC);
    assertThat(Json.read(ended.envelope().body(), SagaEnded.class))
        .isEqualTo(new SagaEnded("book-trip", SagaEnded.Outcome.CONFIRMED, null));
  }

  @Test
  void startingAnEndedSagaAgainRepeatsItsEnd() {
    var ended =
        after(
            start(),
            done("seats", Phase.TRY, 1, "{\"priceMinor\":0}"),
            done("seats", Phase.CONFIRM, 1, ""));
    var batch = continued(definitions, ended);

    batch.apply(start());

    assertThat(sent(batch)).containsExactly("saga.events io.holdfast.saga.ended.v1 #0");
    assertThat(batch.updated()).isEmpty();
  }

  @Test
  @Tag("F18")
  void aReplyToASagaThatIsNotVisibleYetRedoesTheBatch() {
    var batch = new SagaBatch(definitions, List.of());

    assertThatThrownBy(() -> batch.apply(done("seats", Phase.TRY, 1, "")))
        .isInstanceOf(RedoBatch.class);
  }

  @Test
  void anAnswerToAnAttemptThatWasNeverMadeIsNotedAndNotApplied() {
    var batch = after(start(), done("seats", Phase.TRY, 2, "{\"priceMinor\":0}"));

    assertThat(sent(batch)).containsExactly("seats.commands seats.try #1");
    assertThat(batch.history().getLast().event()).contains("not pending");
  }

  @Test
  void anAnswerFromAStrangerIsInvalid() {
    assertThatThrownBy(() -> after(start(), done("hotels", Phase.TRY, 1, "")))
        .isInstanceOf(InvalidMessage.class)
        .hasMessageContaining("hotels");
  }

  @Test
  void aCancelReachesStepsThatHaveNotAnswered() {
    var batch =
        after(
            start(),
            message(
                SagaContract.CANCEL_TYPE,
                Json.bytes(new CancelSaga(new Reason("USER", "no more")))));

    assertThat(sent(batch))
        .containsExactly("seats.commands seats.try #1", "seats.commands seats.cancel #1");
  }

  @Test
  void aDueSagaPastItsDeadlineCancelsAndOtherwiseAsksAgain() {
    var tried = after(start());
    var early = continued(definitions, tried);
    var late = continued(definitions, tried);

    early.due(id, false);
    late.due(id, true);

    assertThat(sent(early)).containsExactly("seats.commands seats.try #2");
    assertThat(sent(late)).containsExactly("seats.commands seats.cancel #1");
  }

  @Test
  void whatNobodyStartedIsPresumedAbortedAndRecorded() {
    var batch =
        after(message(SagaContract.ASK_OUTCOME_TYPE, new byte[0]).about("cards", Phase.TRY, 0));

    assertThat(sent(batch)).containsExactly("cards.commands cards.cancel #1");
    assertThat(batch.created().getFirst().state())
        .isEqualTo(new SagaState.Cancelled(Reason.UNKNOWN_SAGA));
  }

  @Test
  void aParticipantThatAsksHearsTheDecision() {
    var confirming = after(start(), done("seats", Phase.TRY, 1, "{\"priceMinor\":0}"));
    var batch = continued(definitions, confirming);

    batch.apply(message(SagaContract.ASK_OUTCOME_TYPE, new byte[0]).about("seats", Phase.TRY, 0));

    assertThat(sent(batch)).containsExactly("seats.commands seats.confirm #1");
  }

  @Test
  @Tag("F5")
  void aConflictCallsAnOperatorAndMovesNothing() {
    var batch =
        after(
            start(),
            done("seats", Phase.TRY, 1, "{\"priceMinor\":0}"),
            message(SagaContract.CONFLICT_TYPE, Json.bytes(new Reason("CONFLICT", "no try")))
                .about("seats", Phase.CONFIRM, 1)
                .readFrom("seats.replies"));

    var saga = batch.created().getFirst();
    assertThat(saga.attention()).contains("no try");
    assertThat(saga.state()).isInstanceOf(SagaState.Confirming.class);
  }
}
