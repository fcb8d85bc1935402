package io.holdfast.orchestrator.engine;

import static io.holdfast.contracts.Phase.CANCEL;
import static io.holdfast.contracts.Phase.CONFIRM;
import static io.holdfast.contracts.Phase.TRY;
import static io.holdfast.orchestrator.TripSagas.DASH;
import static io.holdfast.orchestrator.TripSagas.DASH_DEADLINE;
import static io.holdfast.orchestrator.TripSagas.HOP;
import static io.holdfast.orchestrator.TripSagas.ROOMS;
import static io.holdfast.orchestrator.TripSagas.SEATS;
import static io.holdfast.orchestrator.TripSagas.TRIP;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.holdfast.contracts.SagaId;
import io.holdfast.messaging.Envelope;
import io.holdfast.messaging.SqlArrays;
import io.holdfast.messaging.TimerLoop;
import io.holdfast.orchestrator.RunningOrchestrator;
import io.holdfast.testing.HoldfastTest;
import io.holdfast.testing.StatementCounter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.jdbc.support.SqlValue;
import org.springframework.transaction.support.TransactionTemplate;

/** The timer loop on the real database; commands are sent again after 100, 200, 400, 400 ... ms. */
@HoldfastTest({
  "spring.config.name=saga-orchestrator",
  "holdfast.engine.resend-after=100ms",
  "holdfast.engine.resend-at-most=400ms",
  "holdfast.engine.timer-batch=100"
})
@Tag("R-S2")
class TimerIT extends RunningOrchestrator {

  /** What an idle machine keeps by far. */
  private static final long LATEST_MS = 250;

  @Autowired SagaEngine engine;
  @Autowired SagaDefinitions definitions;
  @Autowired EngineProperties properties;
  @Autowired TimerLoop sagaTimer;
  @Autowired StatementCounter statements;
  @Autowired TransactionTemplate transactions;

  private static final String OPEN =
      """
      select id from saga where next_action_at is not null
      """;

  private static final String END_ALL =
      """
      update saga set state = 'CANCELLED', reason_code = 'TEST', ended_at = now(),
        next_action_at = null
      where next_action_at is not null
      """;

  /** No test has another one's sagas on its timer. */
  @AfterEach
  void endAll() {
    sagaTimer.stop();
    jdbc.sql(END_ALL).update();
    assertThat(jdbc.sql(OPEN).query(String.class).list()).isEmpty();
    sagaTimer.start();
  }

  private static final String LATENESS =
      """
      select extract(epoch from at - deadline_at) * 1000
      from saga join saga_history on saga_id = id
      where id = any (?) and event like 'deadline passed%'
      """;

  @Test
  @Tag("T")
  void aDeadlineIsDecidedMillisecondsAfterItPassed() {
    var sagas = newSagas(8);

    for (var saga : sagas) {
      deliver(start(saga, DASH));
      await()
          .atMost(DASH_DEADLINE.plusSeconds(5))
          .pollInterval(Duration.ofMillis(25))
          .until(() -> row(saga).state().equals("CANCELLING"));
    }

    var late = jdbc.sql(LATENESS).param(ids(sagas)).query(Double.class).list();
    System.out.printf(
        "deadlines decided %.1f ms late at best, %.1f ms at worst%n",
        Collections.min(late), Collections.max(late));
    assertThat(late).hasSize(sagas.size()).allMatch(ms -> ms >= 0 && ms < LATEST_MS);
  }

  private static final String GAPS =
      """
      select extract(epoch from at - lag(at) over (order by version)) * 1000 as gap
      from saga_history
      where saga_id = ? and (version = 1 or event like 'no answer%')
      order by version
      offset 1
      """;

  @Test
  @Tag("F54")
  void anUnansweredCommandIsSentAgainAtGrowingDistances() {
    var saga = newSaga();

    deliver(start(saga, TRIP));
    await().atMost(Duration.ofSeconds(10)).until(() -> row(saga).attempt() >= 6);
    sagaTimer.stop();

    var gaps = jdbc.sql(GAPS).param(saga.value()).query(Double.class).list();
    System.out.println("sent again after ms " + gaps.stream().map(Math::round).toList());
    for (int i = 0; i < 5; i++) {
      long wait = List.of(100, 200, 400, 400, 400).get(i);
      assertThat(gaps.get(i)).isBetween(wait - 50.0, (double) wait + LATEST_MS);
    }
    assertThat(brief(saga))
        .startsWith("seats TRY #1", "rooms TRY #1", "seats TRY #2", "rooms TRY #2", "seats TRY #3");
    assertThat(said(saga).stream().filter(message -> "seats".equals(message.step())).toList())
        .allMatch(message -> new String(message.body(), UTF_8).equals("{\"place\":\"Oslo\"}"))
        .extracting(Envelope::id)
        .doesNotHaveDuplicates();
  }

  @Test
  void onlyWhoHasNotAnsweredIsAskedAgain() {
    var saga = newSaga();
    sagaTimer.stop();
    deliver(start(saga, TRIP), done(saga, ROOMS, TRY));

    makeDue(saga);
    engine.handleBatch();

    assertThat(brief(saga)).containsExactly("seats TRY #1", "rooms TRY #1", "seats TRY #2");
  }

  @Test
  @Tag("F6")
  @Tag("F7")
  void aDecisionIsSentAgainUntilItIsAcknowledgedHoweverLongThatTakes() {
    var confirming = newSaga();
    var cancelling = newSaga();
    sagaTimer.stop();
    deliver(start(confirming, HOP), start(cancelling, HOP));
    deliver(done(confirming, SEATS, TRY), cancel(cancelling));

    for (int i = 0; i < 40; i++) {
      letDeadlinePass(confirming);
      letDeadlinePass(cancelling);
      engine.handleBatch();
    }
    deliver(done(confirming, SEATS, CONFIRM, 17, null), done(cancelling, SEATS, CANCEL, 41, null));

    assertThat(brief(confirming))
        .hasSize(1 + 41 + 1)
        .contains("seats CONFIRM #41")
        .endsWith("hop ended CONFIRMED");
    assertThat(brief(cancelling)).hasSize(1 + 41 + 1).contains("seats CANCEL #41");
    assertThat(row(confirming).hasNextAction()).isFalse();
    assertThat(row(cancelling).hasNextAction()).isFalse();
  }

  @Test
  @Tag("F7")
  void sagasThatHaveNotEndedHaveANextActionAndEndedOnesHaveNone() {
    var open = newSaga();
    var ended = newSaga();
    sagaTimer.stop();
    deliver(start(open, HOP), start(ended, HOP), done(ended, SEATS, TRY));
    deliver(done(ended, SEATS, CONFIRM));

    assertThatThrownBy(
            () ->
                jdbc.sql("update saga set next_action_at = null where id = ?")
                    .param(open.value())
                    .update())
        .isInstanceOf(DataIntegrityViolationException.class)
        .hasMessageContaining("saga_never_forgotten");
    assertThatThrownBy(
            () ->
                jdbc.sql("update saga set next_action_at = now() where id = ?")
                    .param(ended.value())
                    .update())
        .isInstanceOf(DataIntegrityViolationException.class)
        .hasMessageContaining("saga_never_forgotten");
    assertThat(row(open).hasNextAction()).isTrue();
    assertThat(row(ended).hasNextAction()).isFalse();
  }

  private static final String OVERDUE_BY_SECONDS =
      """
      update saga set
        deadline_at = now() - late.seconds * interval '1 s',
        next_action_at = now() - late.seconds * interval '1 s'
      from unnest(?, ?) as late (id, seconds)
      where saga.id = late.id
      """;

  private static final String DUE_TIMES_IN_ORDER_OF_DECISION =
      """
      select extract(epoch from now() - deadline_at)::bigint
      from saga join saga_history on saga_id = id
      where id = any (?) and event like 'deadline passed%'
      order by at, deadline_at
      """;

  @Test
  @Tag("F64")
  void sagasThatBecameDueWhileNobodyWasThereAreDecidedOldestFirst() {
    var sagas = newSagas(1_050);
    sagaTimer.stop();
    deliver(sagas.stream().map(saga -> start(saga, HOP)).toList());
    makeOverdue(sagas);

    sagaTimer.start();
    await()
        .atMost(Duration.ofSeconds(20))
        .pollInterval(Duration.ofMillis(50))
        .until(() -> decided(sagas) == sagas.size());
    sagaTimer.stop();

    assertThat(jdbc.sql(DUE_TIMES_IN_ORDER_OF_DECISION).param(ids(sagas)).query(Long.class).list())
        .hasSize(sagas.size())
        .isSortedAccordingTo(Collections.reverseOrder());
  }

  @Test
  @Tag("F22")
  @Tag("F64")
  void aLongQueueOfDueSagasIsHandledInBatchesOfAFixedNumberOfStatements() {
    var sagas = newSagas(299);
    sagaTimer.stop();
    jdbc.sql(END_ALL).update();
    deliver(sagas.stream().map(saga -> start(saga, HOP)).toList());
    makeOverdue(sagas);

    var first = statements.executedBy(() -> assertThat(engine.handleBatch()).isZero());
    long afterFirst = decided(sagas);
    var second = statements.executedBy(() -> assertThat(engine.handleBatch()).isZero());
    var third = statements.executedBy(engine::handleBatch);
    var one = newSaga();
    jdbc.sql(END_ALL).update();
    deliver(start(one, HOP));
    letDeadlinePass(one);
    var ofOne = statements.executedBy(engine::handleBatch);

    assertThat(afterFirst).isEqualTo(100);
    assertThat(decided(sagas)).isEqualTo(299);
    assertThat(first).hasSize(4).isEqualTo(second);
    assertThat(third).hasSize(5).isEqualTo(ofOne);
  }

  @Test
  @Tag("F22")
  void messagesAreHandledWhileThousandsAreDue() {
    var due = newSagas(1_000);
    var fresh = newSaga();
    sagaTimer.stop();
    deliver(due.stream().map(saga -> start(saga, HOP)).toList());
    makeOverdue(due);
    deliver(start(fresh, HOP));

    sagaTimer.start();
    deliver(done(fresh, SEATS, TRY));
    deliver(done(fresh, SEATS, CONFIRM));

    assertThat(row(fresh).state()).isEqualTo("CONFIRMED");
    assertThat(brief(fresh)).endsWith("hop ended CONFIRMED");
  }

  @Test
  void aTimerWithNothingToDoSleeps() throws InterruptedException {
    var looks = new CountDownLatch(4);
    sagaTimer.stop();
    var loop =
        new TimerLoop(
            "idle",
            () -> {
              looks.countDown();
              return engine.handleBatch();
            });
    long begin = System.nanoTime();

    loop.start();
    boolean looked = looks.await(20, TimeUnit.SECONDS);
    var took = Duration.ofNanos(System.nanoTime() - begin);
    loop.stop();

    assertThat(looked).isTrue();
    assertThat(took).isGreaterThanOrEqualTo(TimerLoop.LONGEST_SLEEP.multipliedBy(3));
  }

  @Test
  void aLookThatFindsNothingIsTwoStatementsAndNoWrite() {
    sagaTimer.stop();

    var executed = statements.executedBy(() -> assertThat(engine.handleBatch()).isPositive());

    assertThat(executed).hasSize(2).allMatch(sql -> sql.strip().startsWith("select"));
  }

  @Test
  void aTimerDoesNotSpinWhileAnotherInstanceHandlesWhatIsDue() {
    var saga = newSaga();
    sagaTimer.stop();
    deliver(start(saga, HOP));
    letDeadlinePass(saga);

    var untilNextLook =
        transactions.execute(
            _ -> {
              jdbc.sql("select id from saga where id = ? for update")
                  .param(saga.value())
                  .query(String.class)
                  .single();
              return CompletableFuture.supplyAsync(engine::handleBatch)
                  .orTimeout(8, TimeUnit.SECONDS)
                  .join();
            });

    assertThat(untilNextLook).isBetween(Duration.ofMillis(1), Duration.ofMillis(50));
    assertThat(row(saga).state()).isEqualTo("TRYING");
  }

  @Test
  @Tag("F51")
  void aSagaWhoseDefinitionIsGoneDoesNotHoldUpTheOthers() {
    var stranded = newSaga();
    var other = newSaga();
    sagaTimer.stop();
    deliver(start(stranded, HOP), start(other, HOP));
    jdbc.sql("update saga set definition_version = 99 where id = ?")
        .param(stranded.value())
        .update();
    letDeadlinePass(stranded);
    letDeadlinePass(other);

    engine.handleBatch();
    var untilNextLook = engine.handleBatch();

    assertThat(row(other).state()).isEqualTo("CANCELLING");
    assertThat(row(stranded).state()).isEqualTo("TRYING");
    assertThat(untilNextLook).isPositive();
    assertThat(new SagaStore(jdbc, definitions, properties).stranded())
        .containsExactly(new SagaStore.Stranded("hop 99", 1));
  }

  private static final String MAKE_DUE =
      """
      update saga set next_action_at = now() where id = ?
      """;

  private void makeDue(SagaId saga) {
    jdbc.sql(MAKE_DUE).param(saga.value()).update();
  }

  /** Each saga is late by another number of seconds, in no order. */
  private void makeOverdue(List<SagaId> sagas) {
    var seconds =
        new ArrayList<>(IntStream.rangeClosed(1, sagas.size()).mapToObj(Integer::valueOf).toList());
    Collections.shuffle(seconds, new Random(42));
    jdbc.sql(OVERDUE_BY_SECONDS)
        .param(ids(sagas))
        .param(SqlArrays.ints(seconds, second -> second))
        .update();
  }

  private static final String DECIDED =
      """
      select count(*) from saga where id = any (?) and state <> 'TRYING'
      """;

  private long decided(List<SagaId> sagas) {
    return jdbc.sql(DECIDED).param(ids(sagas)).query(Long.class).single();
  }

  private static SqlValue ids(List<SagaId> sagas) {
    return SqlArrays.uuids(sagas.stream().map(SagaId::value).toList());
  }
}
