package io.holdfast.orchestrator.engine;

import static io.holdfast.contracts.Phase.TRY;
import static io.holdfast.orchestrator.TripSagas.HOP;
import static io.holdfast.orchestrator.TripSagas.SEATS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.holdfast.contracts.SagaId;
import io.holdfast.messaging.Envelope;
import io.holdfast.messaging.Outbox;
import io.holdfast.messaging.RedoBatch;
import io.holdfast.messaging.TimerLoop;
import io.holdfast.orchestrator.RunningOrchestrator;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Two instances of the orchestrator on one database. The first gets messages, the second is a timer
 * that a test fires; the first one's own timer stands still.
 */
@Tag("F10")
@Tag("R-S1")
class DecisionIT extends RunningOrchestrator {

  @Autowired SagaDefinitions definitions;
  @Autowired EngineProperties properties;
  @Autowired Outbox outbox;
  @Autowired TransactionTemplate transactions;
  @Autowired TimerLoop sagaTimer;

  private SagaEngine secondInstance;

  @BeforeEach
  void makeASecondInstance() {
    sagaTimer.stop();
    secondInstance = instance(properties);
  }

  private SagaEngine instance(EngineProperties properties) {
    return new SagaEngine(
        definitions,
        new SagaStore(jdbc, definitions, properties),
        outbox,
        transactions,
        properties,
        new SimpleMeterRegistry());
  }

  @AfterEach
  void startTheTimerAgain() {
    sagaTimer.start();
  }

  @Test
  void aLastReplyThatComesWhileTheDeadlineIsBeingDecidedIsTooLate() {
    var saga = overdue();
    CompletableFuture<Void> timer;
    CompletableFuture<Void> reply;

    try (var history = new HistoryLock()) {
      timer = inBackground(secondInstance::handleBatch);
      history.awaitWaiting(1);
      reply = inBackground(() -> deliver(done(saga, SEATS, TRY)));
      history.awaitWaiting(2);
    }

    assertThat(timer).succeedsWithin(Duration.ofSeconds(20));
    assertThat(reply).succeedsWithin(Duration.ofSeconds(20));
    assertThat(brief(saga)).containsExactly("seats TRY #1", "seats CANCEL #1");
    assertThat(row(saga).state()).isEqualTo("CANCELLING");
    assertThat(row(saga).reasonCode()).isEqualTo("DEADLINE_PASSED");
    assertThat(history(saga).getLast()).contains("too late, nothing changed");
  }

  @Test
  void aDeadlineThatPassesWhileTheLastReplyIsBeingAppliedIsTooLate() {
    var saga = overdue();
    CompletableFuture<Void> reply;
    Duration untilNextLook;

    try (var history = new HistoryLock()) {
      reply = inBackground(() -> deliver(done(saga, SEATS, TRY)));
      history.awaitWaiting(1);
      untilNextLook = secondInstance.handleBatch();
    }
    assertThat(reply).succeedsWithin(Duration.ofSeconds(20));
    secondInstance.handleBatch();

    assertThat(untilNextLook).as("no spinning while the row is locked").isPositive();
    assertThat(brief(saga)).containsExactly("seats TRY #1", "seats CONFIRM #1", "seats CONFIRM #2");
    assertThat(row(saga).state()).isEqualTo("CONFIRMING");
  }

  @Test
  void ofADeadlineAndALastReplyAtTheSameTimeOneDecides() {
    var inSmallBatches =
        instance(
            new EngineProperties(
                properties.resendAfter(),
                properties.resendAtMost(),
                properties.firstTriesAtMost(),
                2,
                properties.historyRetention()));
    int confirmed = 0;
    int cancelled = 0;
    for (int round = 0; round < 15; round++) {
      var sagas = newSagas(20);
      deliver(sagas.stream().map(saga -> start(saga, HOP)).toList());
      sagas.forEach(this::letDeadlinePass);
      var atOnce = new CyclicBarrier(3);

      var both =
          CompletableFuture.allOf(
              inBackground(
                  () -> {
                    await(atOnce);
                    sagas.subList(0, 10).forEach(saga -> deliver(done(saga, SEATS, TRY)));
                  }),
              inBackground(
                  () -> {
                    await(atOnce);
                    var replies = new ArrayList<Envelope>();
                    sagas.subList(10, 20).forEach(saga -> replies.add(done(saga, SEATS, TRY)));
                    deliver(replies);
                  }),
              inBackground(
                  () -> {
                    await(atOnce);
                    handleAllDue(inSmallBatches);
                  }));

      assertThat(both).succeedsWithin(Duration.ofSeconds(30));
      var said = saidToAll();
      for (var saga : sagas) {
        var commands = brief(said.getOrDefault(saga, List.of()));
        boolean confirms = commands.stream().anyMatch(command -> command.contains("CONFIRM"));
        boolean cancels = commands.stream().anyMatch(command -> command.contains("CANCEL"));
        assertThat(confirms).as(commands.toString()).isNotEqualTo(cancels);
        assertThat(row(saga).state()).isEqualTo(confirms ? "CONFIRMING" : "CANCELLING");
        assertThat(history(saga).stream().filter(DecisionIT::decides)).hasSize(1);
        assertThat(parked(saga)).as("no constraint had to save it").isEmpty();
        confirmed += confirms ? 1 : 0;
        cancelled += cancels ? 1 : 0;
        putAside(saga);
      }
    }
    System.out.printf("decided at once: %d confirmed, %d cancelled%n", confirmed, cancelled);
    assertThat(confirmed).as("sometimes the reply is first").isPositive();
    assertThat(cancelled).as("sometimes the deadline is first").isPositive();
  }

  @Test
  void aDecisionOnARowThatHasChangedSinceIsNotWritten() {
    var saga = overdue();
    var store = new SagaStore(jdbc, definitions, properties);
    var reply = new SagaBatch(definitions, store.load(List.of(saga)));
    var deadline = new SagaBatch(definitions, store.load(List.of(saga)));
    reply.apply(done(saga, SEATS, TRY));
    deadline.due(saga, true);

    store.update(reply);

    assertThatThrownBy(() -> store.update(deadline))
        .isInstanceOf(RedoBatch.class)
        .hasMessageContaining("0 rows changed, 1 decided");
    assertThat(row(saga).state()).isEqualTo("CONFIRMING");
    putAside(saga);
  }

  @Test
  @Tag("F20")
  void twoInstancesThatGetTheSameStartMakeOneSaga() {
    var saga = newSaga();
    CompletableFuture<Void> first;
    CompletableFuture<Void> second;

    try (var history = new HistoryLock()) {
      first = inBackground(() -> deliver(start(saga, HOP)));
      history.awaitWaiting(1);
      second = inBackground(() -> deliver(start(saga, HOP), done(saga, SEATS, TRY)));
      history.awaitWaiting(2);
    }

    assertThat(first).succeedsWithin(Duration.ofSeconds(20));
    assertThat(second).succeedsWithin(Duration.ofSeconds(20));
    assertThat(count(saga)).isOne();
    assertThat(brief(saga)).containsExactly("seats TRY #1", "seats CONFIRM #1");
    assertThat(history(saga)).hasSize(2);
  }

  @Test
  @Tag("F63")
  void twoTimersShareWhatIsDueAndTakeNothingTwice() {
    var sagas = newSagas(1_000);
    deliver(sagas.stream().map(saga -> start(saga, HOP)).toList());
    sagas.forEach(this::letDeadlinePass);
    var third = instance(properties);

    var both =
        CompletableFuture.allOf(
            inBackground(() -> handleAllDue(secondInstance)),
            inBackground(() -> handleAllDue(third)));

    assertThat(both).succeedsWithin(Duration.ofSeconds(30));
    var said = saidToAll();
    assertThat(sagas)
        .allSatisfy(
            saga ->
                assertThat(brief(said.getOrDefault(saga, List.of())))
                    .containsExactly("seats TRY #1", "seats CANCEL #1"));
    sagas.forEach(this::putAside);
  }

  private static boolean decides(String line) {
    return line.startsWith("seats TRY done, asking") || line.startsWith("deadline passed, asking");
  }

  private static void handleAllDue(SagaEngine engine) {
    while (engine.handleBatch().compareTo(Duration.ofMillis(5)) <= 0) {
      Thread.onSpinWait();
    }
  }

  /** A saga that waits for one reply and whose deadline has passed. */
  private SagaId overdue() {
    var saga = newSaga();
    deliver(start(saga, HOP));
    letDeadlinePass(saga);
    return saga;
  }

  private static final String PUT_ASIDE =
      """
      update saga set next_action_at = now() + interval '1 h' where id = ?
      """;

  /** So that it is not due in the next round. */
  private void putAside(SagaId saga) {
    jdbc.sql(PUT_ASIDE).param(saga.value()).update();
  }

  private static void await(CyclicBarrier barrier) {
    try {
      barrier.await(10, TimeUnit.SECONDS);
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private static CompletableFuture<Void> inBackground(Runnable work) {
    var ended = new CompletableFuture<Void>();
    Thread.ofVirtual()
        .start(
            () -> {
              try {
                work.run();
                ended.complete(null);
              } catch (RuntimeException | Error e) {
                ended.completeExceptionally(e);
              }
            });
    return ended;
  }

  /**
   * While it is held, no transaction writes history: each stops between its decision and its
   * commit.
   */
  private final class HistoryLock implements AutoCloseable {

    private final CompletableFuture<Void> locked = new CompletableFuture<>();
    private final CompletableFuture<Void> release = new CompletableFuture<>();
    private final CompletableFuture<Void> holder;

    HistoryLock() {
      holder =
          inBackground(
              () ->
                  transactions.executeWithoutResult(
                      _ -> {
                        jdbc.sql("set local idle_in_transaction_session_timeout = '25s'").update();
                        jdbc.sql("lock table saga_history in share mode").update();
                        locked.complete(null);
                        release.orTimeout(20, TimeUnit.SECONDS).join();
                      }));
      assertThat(locked).succeedsWithin(Duration.ofSeconds(10));
    }

    private static final String WAITING =
        """
        select count(*) from pg_stat_activity
        where datname = current_database() and wait_event_type = 'Lock'
        """;

    void awaitWaiting(int transactionsThatWait) {
      Awaitility.await("transactions that wait for a lock")
          .atMost(Duration.ofSeconds(8))
          .pollDelay(Duration.ZERO)
          .pollInterval(Duration.ofMillis(10))
          .until(
              () -> jdbc.sql(WAITING).query(Integer.class).single(),
              waiting -> waiting == transactionsThatWait);
    }

    @Override
    public void close() {
      release.complete(null);
      assertThat(holder).succeedsWithin(Duration.ofSeconds(10));
    }
  }
}
