package io.holdfast.participant.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.holdfast.contracts.ParticipantContract;
import io.holdfast.contracts.Phase;
import io.holdfast.contracts.Reason;
import io.holdfast.contracts.SagaId;
import io.holdfast.messaging.BatchConsumers;
import io.holdfast.messaging.Envelope;
import io.holdfast.messaging.Json;
import io.holdfast.messaging.TraceParent;
import io.holdfast.messaging.UuidV7;
import io.holdfast.participant.Settlement;
import io.holdfast.participant.Settlement.Outcome;
import io.holdfast.participant.testing.CountedThings.Some;
import io.holdfast.testing.HoldfastTest;
import io.holdfast.testing.StatementCounter;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;

/** Several participants of a service share the batches of its commands topic. */
@HoldfastTest("spring.config.name=theatre-test")
class SharedTopicIT {

  private static final ParticipantContract<Some> SEATS = TheatreTestApplication.SEATS;
  private static final ParticipantContract<Some> FLYERS = TheatreTestApplication.FLYERS;

  private final String key = UuidV7.next().toString();

  @Autowired private BatchConsumers consumers;
  @Autowired private JdbcClient jdbc;
  @Autowired private StatementCounter statements;
  @Autowired private CountedThingStore store;
  @Autowired private Settlement settlement;
  @Autowired private TransactionTemplate transactions;

  private CommandDriver<Some> seats;
  private CommandDriver<Some> flyers;

  @BeforeEach
  void supply() {
    seats = new CommandDriver<>(SEATS, consumers, jdbc);
    flyers = new CommandDriver<>(FLYERS, consumers, jdbc);
    store.supply(key, 10);
  }

  @Test
  @Tag("R-S1")
  void commandsOfTwoParticipantsInOneBatchAreOneTransaction() {
    var saga = CommandDriver.newSaga();
    var batch =
        List.of(
            seats.tryIt(saga, new Some(key, 3)),
            flyers.tryIt(saga, new Some(key, 2)),
            seats.confirm(saga));

    var executed = statements.executedBy(() -> seats.deliver(batch));

    assertThat(seats.answersTo(batch)).allMatch(CommandDriver.Answer::isDone);
    assertThat(store.find(key)).contains(new CountedThing(key, 5, 0, 5));
    assertThat(StatementCounter.attempts(executed)).isEqualTo(1);
    assertThat(executed.stream().filter(sql -> sql.startsWith("insert into outbox"))).hasSize(1);
  }

  /** Its fences are not even looked for. */
  @Test
  void participantThatABatchDoesNotConcernCostsNothing() {
    var batch = List.of(seats.tryIt(CommandDriver.newSaga(), new Some(key, 3)));

    var executed = statements.executedBy(() -> seats.deliver(batch));

    assertThat(executed).hasSize(1 + 2 + 2 + 1);
  }

  @Test
  @Tag("F51")
  void commandForAnUnknownStepIsParkedAndTheRestOfItsBatchIsHandled() {
    var saga = CommandDriver.newSaga();
    var unknown =
        Envelope.first("test", SEATS.tryType(), saga, TraceParent.random(), Json.bytes("x"))
            .about("balconies", Phase.TRY, 1);
    var known = seats.tryIt(saga, new Some(key, 3));

    seats.deliver(unknown, known);

    assertThat(seats.answerTo(known).isDone()).isTrue();
    assertThat(parkedReason(saga)).contains("no participant is called balconies");
  }

  @Test
  @Tag("F51")
  void commandWithoutAStepIsParked() {
    var saga = CommandDriver.newSaga();

    seats.deliver(
        Envelope.first("test", SEATS.tryType(), saga, TraceParent.random(), Json.bytes("x")));

    assertThat(parkedReason(saga)).contains("no participant is called");
  }

  @Test
  @Tag("F5")
  void confirmWhoseTryIsMissingIsAConflictOfTheParticipantThatItNames() {
    var saga = CommandDriver.newSaga();
    seats.ask(seats.tryIt(saga, new Some(key, 3)));

    var answer = flyers.ask(flyers.confirm(saga));

    assertThat(answer.isConflict()).isTrue();
    assertThat(answer.reason().code()).isEqualTo("MISSING_TRY");
  }

  @Test
  void participantOnATopicOfItsOwnHasAConsumerOfItsOwn() {
    var drinks = new CommandDriver<>(TheatreTestApplication.DRINKS, consumers, jdbc);

    var answer = drinks.ask(drinks.tryIt(CommandDriver.newSaga(), new Some(key, 1)));

    assertThat(answer.isDone()).isTrue();
    assertThatIllegalArgumentException().isThrownBy(() -> consumers.listener("drinks"));
  }

  @Test
  @Tag("R-S1")
  void whatAnOutsideWorldSettlesLaterIsConfirmedWithoutAConfirm() {
    var saga = CommandDriver.newSaga();
    var command = pending(saga);

    boolean first = settle(saga);
    boolean second = settle(saga);

    assertThat(first).isTrue();
    assertThat(second).isFalse();
    var answer = flyers.answerTo(command);
    assertThat(answer.isDone()).isTrue();
    assertThat(answer.body()).isEqualTo("{\"key\":\"x\",\"count\":1}");
    assertThat(flyers.ask(flyers.tryIt(saga, new Some(key, 1)))).isEqualTo(answer);
    assertThat(flyers.ask(flyers.cancel(saga)).isConflict()).isTrue();
  }

  @Test
  void refusedOutsideIsNotSettledAfterwards() {
    var saga = CommandDriver.newSaga();
    pending(saga);
    transactions.executeWithoutResult(
        _ -> settlement.settle(FLYERS, Map.of(saga, new Outcome.Refused(new Reason("NO", "no")))));

    assertThat(settle(saga)).isFalse();
  }

  private boolean settle(SagaId saga) {
    var settled = Map.<SagaId, Outcome>of(saga, new Outcome.Settled(new Some("x", 1)));
    return transactions.execute(_ -> settlement.settle(FLYERS, settled)).contains(saga);
  }

  private static final String MAKE_PENDING =
      """
      update participant_fence
      set state = 'TRYING', hold = '{"key":"x","count":1}', data = null, next_action_at = now() + interval '1 hour'
      where saga_id = ? and step = ?
      """;

  /** As a participant leaves it whose try is under way. */
  private Envelope pending(SagaId saga) {
    var command = flyers.tryIt(saga, new Some(key, 1));
    flyers.ask(command);
    jdbc.sql(MAKE_PENDING).params(saga.value(), FLYERS.name()).update();
    return command;
  }

  private static final String PARKED =
      """
      select reason from parked_message
      where message_key = ?
      """;

  private String parkedReason(SagaId saga) {
    return jdbc.sql(PARKED).param(saga.toString()).query(String.class).single();
  }
}
