package io.holdfast.participant.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.holdfast.contracts.ParticipantContract;
import io.holdfast.contracts.Phase;
import io.holdfast.contracts.SagaId;
import io.holdfast.messaging.BatchConsumers;
import io.holdfast.messaging.Envelope;
import io.holdfast.testing.StatementCounter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * What every participant promises, whatever it holds. A subclass says how its resource is arranged
 * and observed; commands go through the service's real consumer and transaction.
 *
 * @param <T> body of the try command
 */
public abstract class ParticipantContractTest<T> {

  private static final Duration LONGEST_WAIT = Duration.ofSeconds(20);
  private static final String NOTHING_FOLLOWS = "a try that is done for good has no second phase";

  @Autowired private BatchConsumers consumers;
  @Autowired private JdbcClient jdbc;
  @Autowired private StatementCounter statements;

  private CommandDriver<T> driver;

  /** The participant that is tested. */
  protected abstract ParticipantContract<T> contract();

  /** Something new to reserve, of which {@code units} are there. */
  protected abstract Resource<T> resource(long units);

  /** Whether an outside world decides, so that a confirm can't follow its try in the same batch. */
  protected boolean isAsynchronous() {
    return false;
  }

  /** Whether reservations of different sagas compete for what is there. */
  protected boolean isShared() {
    return true;
  }

  /**
   * Whether a try is done for good, as a retriable step's is: nothing stays set aside, it has no
   * business reason to be refused, and neither confirm nor cancel follows.
   */
  protected boolean settles() {
    return false;
  }

  /**
   * How many statements the participant's store takes for a batch of tries, confirms, cancels; of
   * tries only, if it {@link #settles()}.
   */
  protected abstract int domainStatementsPerBatch();

  /**
   * What a participant reserves.
   *
   * @param <T> body of the try command
   */
  public interface Resource<T> {

    /** A request for {@code units} of it. */
    T request(long units);

    /** More of it arrives. Nothing to do where there is no supply. */
    void supply(long units);

    /** How many units are set aside now. */
    long held();

    /** How many units were taken by confirms. */
    long taken();
  }

  /** Makes the injected parts into a driver; the fields stay free of framework order. */
  @BeforeEach
  void makeDriver() {
    driver = new CommandDriver<>(contract(), consumers, jdbc);
  }

  /** Plays the orchestrator. */
  protected final CommandDriver<T> driver() {
    return driver;
  }

  @Test
  @Tag("F4")
  void repeatedTryHasOneEffectAndTheSameAnswer() {
    var resource = resource(10);
    var saga = CommandDriver.newSaga();

    var first = driver.ask(driver.tryIt(saga, resource.request(3)));
    var second = driver.ask(driver.tryIt(saga, resource.request(3)));

    assertThat(first.isDone()).isTrue();
    assertThat(second).isEqualTo(first);
    assertThat(got(resource)).isEqualTo(3);
  }

  @Test
  @Tag("F4")
  void repeatedConfirmHasOneEffectAndTheSameAnswer() {
    assumeTrue(!settles(), NOTHING_FOLLOWS);
    var resource = resource(10);
    var saga = tried(resource, 3);

    var first = driver.ask(driver.confirm(saga));
    var second = driver.ask(driver.confirm(saga));

    assertThat(first.isDone()).isTrue();
    assertThat(second).isEqualTo(first);
    assertThat(resource.held()).isZero();
    assertThat(resource.taken()).isEqualTo(3);
  }

  @Test
  @Tag("F4")
  void repeatedCancelHasOneEffectAndTheSameAnswer() {
    assumeTrue(!settles(), NOTHING_FOLLOWS);
    var resource = resource(10);
    tried(resource, 2);
    var saga = tried(resource, 3);

    var first = driver.ask(driver.cancel(saga));
    var second = driver.ask(driver.cancel(saga));

    assertThat(first.isDone()).isTrue();
    assertThat(second).isEqualTo(first);
    assertThat(resource.held()).isEqualTo(2);
    assertThat(resource.taken()).isZero();
  }

  @Test
  @Tag("F4")
  void repeatedTryAfterConfirmGivesTheFirstAnswerAgain() {
    assumeTrue(!settles(), NOTHING_FOLLOWS);
    var resource = resource(10);
    var saga = CommandDriver.newSaga();
    var first = driver.ask(driver.tryIt(saga, resource.request(3)));
    driver.ask(driver.confirm(saga));

    var again = driver.ask(driver.tryIt(saga, resource.request(3)));

    assertThat(again).isEqualTo(first);
    assertThat(resource.held()).isZero();
    assertThat(resource.taken()).isEqualTo(3);
  }

  @Test
  @Tag("F1")
  @Tag("F2")
  @Tag("F3")
  void cancelBeforeTryLeavesATombstoneThatRefusesEveryLateTry() {
    var resource = resource(10);
    var saga = CommandDriver.newSaga();

    var cancelled = driver.ask(driver.cancel(saga));
    var late = driver.ask(driver.tryIt(saga, resource.request(3)));
    var later = driver.ask(driver.tryIt(saga, resource.request(3)));

    assertThat(cancelled.isDone()).isTrue();
    assertThat(fenceState(saga)).isEqualTo("EMPTY");
    assertThat(late.isRefused()).isTrue();
    assertThat(later).isEqualTo(late);
    assertThat(got(resource)).isZero();
  }

  @Test
  @Tag("F3")
  void tryAfterItsCancelHoldsNothing() {
    assumeTrue(!settles(), NOTHING_FOLLOWS);
    var resource = resource(10);
    var saga = tried(resource, 3);
    driver.ask(driver.cancel(saga));

    var late = driver.ask(driver.tryIt(saga, resource.request(3)));

    assertThat(late.isRefused()).isTrue();
    assertThat(resource.held()).isZero();
  }

  @Test
  void refusalStaysARefusalWhenMoreArrives() {
    assumeTrue(!settles(), NOTHING_FOLLOWS);
    var resource = resource(2);
    var saga = CommandDriver.newSaga();

    var first = driver.ask(driver.tryIt(saga, resource.request(3)));
    resource.supply(100);
    var second = driver.ask(driver.tryIt(saga, resource.request(3)));

    assertThat(first.isRefused()).isTrue();
    assertThat(second).isEqualTo(first);
    assertThat(resource.held()).isZero();
  }

  @Test
  @Tag("F5")
  void confirmWithoutTryIsAConflictAndChangesNothing() {
    var resource = resource(10);
    var saga = CommandDriver.newSaga();

    var answer = driver.ask(driver.confirm(saga));

    assertThat(answer.isConflict()).isTrue();
    assertThat(fenceExists(saga)).isFalse();
    assertThat(driver.ask(driver.tryIt(saga, resource.request(3))).isDone()).isTrue();
    assertThat(got(resource)).isEqualTo(3);
  }

  @Test
  @Tag("F5")
  void confirmAfterCancelIsAConflict() {
    assumeTrue(!settles(), NOTHING_FOLLOWS);
    var resource = resource(10);
    var saga = tried(resource, 3);
    driver.ask(driver.cancel(saga));

    var answer = driver.ask(driver.confirm(saga));

    assertThat(answer.isConflict()).isTrue();
    assertThat(resource.taken()).isZero();
    assertThat(fenceState(saga)).isEqualTo("CANCELLED");
  }

  @Test
  @Tag("F5")
  void confirmOfATombstoneIsAConflict() {
    var saga = CommandDriver.newSaga();
    driver.ask(driver.cancel(saga));

    var answer = driver.ask(driver.confirm(saga));

    assertThat(answer.isConflict()).isTrue();
    assertThat(fenceState(saga)).isEqualTo("EMPTY");
  }

  @Test
  @Tag("F5")
  void cancelAfterConfirmIsAConflict() {
    assumeTrue(!settles(), NOTHING_FOLLOWS);
    var resource = resource(10);
    var saga = tried(resource, 3);
    driver.ask(driver.confirm(saga));

    var answer = driver.ask(driver.cancel(saga));

    assertThat(answer.isConflict()).isTrue();
    assertThat(resource.taken()).isEqualTo(3);
    assertThat(fenceState(saga)).isEqualTo("CONFIRMED");
  }

  @Test
  @Tag("F15")
  void cancelOfARefusedTryReleasesNothing() {
    assumeTrue(!settles(), NOTHING_FOLLOWS);
    var resource = resource(5);
    tried(resource, 4);
    var saga = CommandDriver.newSaga();
    var refused = driver.ask(driver.tryIt(saga, resource.request(6)));

    var answer = driver.ask(driver.cancel(saga));

    assertThat(refused.isRefused()).isTrue();
    assertThat(answer.isDone()).isTrue();
    assertThat(resource.held()).isEqualTo(4);
    assertThat(driver.ask(driver.confirm(saga)).isConflict()).isTrue();
  }

  @Test
  @Tag("F14")
  void tryWithAnotherBodyIsAConflict() {
    var resource = resource(10);
    var saga = tried(resource, 3);

    var answer = driver.ask(driver.tryIt(saga, resource.request(4)));

    assertThat(answer.isConflict()).isTrue();
    assertThat(got(resource)).isEqualTo(3);
  }

  @Test
  @Tag("F17")
  void tryAndConfirmInOneBatch() {
    assumeTrue(!settles(), NOTHING_FOLLOWS);
    assumeTrue(!isAsynchronous(), "a confirm follows the answer to the try");
    var resource = resource(10);
    var saga = CommandDriver.newSaga();
    var batch = List.of(driver.tryIt(saga, resource.request(3)), driver.confirm(saga));

    driver.deliver(batch);

    assertThat(driver.answersTo(batch)).allMatch(CommandDriver.Answer::isDone);
    assertThat(resource.held()).isZero();
    assertThat(resource.taken()).isEqualTo(3);
    assertThat(fenceState(saga)).isEqualTo("CONFIRMED");
  }

  @Test
  @Tag("F17")
  void tryAndCancelInOneBatch() {
    assumeTrue(!settles(), NOTHING_FOLLOWS);
    var resource = resource(10);
    var saga = CommandDriver.newSaga();
    var cancel = driver.cancel(saga);

    driver.deliver(driver.tryIt(saga, resource.request(3)), cancel);

    assertThat(driver.answerTo(cancel).isDone()).isTrue();
    assertThat(resource.held()).isZero();
    assertThat(fenceState(saga)).isEqualTo("CANCELLED");
  }

  @Test
  @Tag("F17")
  void cancelAndTryInOneBatch() {
    var resource = resource(10);
    var saga = CommandDriver.newSaga();
    var late = driver.tryIt(saga, resource.request(3));

    driver.deliver(driver.cancel(saga), late);

    assertThat(driver.answerTo(late).isRefused()).isTrue();
    assertThat(got(resource)).isZero();
    assertThat(fenceState(saga)).isEqualTo("EMPTY");
  }

  @Test
  @Tag("F17")
  void everyCommandOfTwoAttemptsInOneBatchIsAnswered() {
    assumeTrue(!settles(), NOTHING_FOLLOWS);
    assumeTrue(!isAsynchronous(), "only the newest of two commands under way is answered");
    var resource = resource(10);
    var saga = CommandDriver.newSaga();
    var batch =
        List.of(
            driver.tryIt(saga, resource.request(3)),
            driver.tryIt(saga, resource.request(3)),
            driver.cancel(saga),
            driver.cancel(saga),
            driver.tryIt(saga, resource.request(3)));

    driver.deliver(batch);

    var answers = driver.answersTo(batch);
    assertThat(answers.subList(0, 4)).allMatch(CommandDriver.Answer::isDone);
    assertThat(answers.get(4).isRefused()).isTrue();
    assertThat(resource.held()).isZero();
  }

  @Test
  @Tag("F20")
  void sameMessageTwiceInOneBatchIsHandledOnce() {
    var resource = resource(10);
    var command = driver.tryIt(CommandDriver.newSaga(), resource.request(3));

    driver.deliver(command, command);

    assertThat(driver.answerTo(command).isDone()).isTrue();
    assertThat(driver.countAnswersTo(command)).isEqualTo(1);
    assertThat(got(resource)).isEqualTo(3);
  }

  @Test
  @Tag("F20")
  void sameMessageInTwoBatchesIsHandledOnce() {
    var resource = resource(10);
    var command = driver.tryIt(CommandDriver.newSaga(), resource.request(3));

    driver.ask(command);
    driver.deliver(command);
    driver.deliver(command, driver.tryIt(CommandDriver.newSaga(), resource.request(1)));

    Awaitility.await()
        .atMost(LONGEST_WAIT)
        .untilAsserted(() -> assertThat(got(resource)).isEqualTo(4));
    assertThat(driver.countAnswersTo(command)).isEqualTo(1);
  }

  @Test
  @Tag("F16")
  void manySagasOnOneResourceInOneBatchGetExactlyWhatIsThere() {
    assumeTrue(isShared(), "nothing to compete for");
    var resource = resource(100);
    var batch =
        IntStream.range(0, 60)
            .mapToObj(_ -> driver.tryIt(CommandDriver.newSaga(), resource.request(3)))
            .toList();

    var executed = statements.executedBy(() -> driver.deliver(batch));

    assertThat(StatementCounter.attempts(executed))
        .as("a constraint fired before the code refused")
        .isEqualTo(1);
    var answers = driver.answersTo(batch);
    assertThat(answers.subList(0, 33)).allMatch(CommandDriver.Answer::isDone);
    assertThat(answers.subList(33, 60)).allMatch(CommandDriver.Answer::isRefused);
    assertThat(got(resource)).isEqualTo(99);
  }

  @Test
  @Tag("F16")
  @Tag("R-I1")
  void refusedLargeRequestDoesNotBlockALaterSmallOne() {
    assumeTrue(isShared(), "nothing to compete for");
    var resource = resource(4);
    var batch =
        List.of(
            driver.tryIt(CommandDriver.newSaga(), resource.request(3)),
            driver.tryIt(CommandDriver.newSaga(), resource.request(2)),
            driver.tryIt(CommandDriver.newSaga(), resource.request(1)));

    driver.deliver(batch);

    assertThat(driver.answersTo(batch))
        .extracting(CommandDriver.Answer::isDone)
        .containsExactly(true, false, true);
    assertThat(got(resource)).isEqualTo(4);
  }

  @Test
  @Tag("F16")
  void whatACancelReleasesIsThereForTheNextMessageOfTheBatch() {
    assumeTrue(!settles(), NOTHING_FOLLOWS);
    assumeTrue(isShared(), "nothing to compete for");
    var resource = resource(5);
    var first = tried(resource, 5);
    var next = driver.tryIt(CommandDriver.newSaga(), resource.request(5));

    driver.deliver(driver.cancel(first), next);

    assertThat(driver.answerTo(next).isDone()).isTrue();
    assertThat(resource.held()).isEqualTo(5);
  }

  @Test
  @Tag("F21")
  void concurrentBatchesWithOppositeKeyOrderDoNotDeadlock() throws Exception {
    assumeTrue(isShared(), "nothing to compete for");
    var resources = IntStream.range(0, 8).mapToObj(_ -> resource(50)).toList();
    var rounds = new ArrayList<Callable<List<CommandDriver.Answer>>>();
    for (int round = 0; round < 20; round++) {
      var keys = new ArrayList<>(resources);
      if (round % 2 == 1) {
        Collections.reverse(keys);
      }
      rounds.add(() -> deliverOneEach(keys));
    }

    var answers = new ArrayList<CommandDriver.Answer>();
    try (var threads = Executors.newFixedThreadPool(4)) {
      for (var batch : threads.invokeAll(rounds)) {
        answers.addAll(batch.get());
      }
    }

    assertThat(answers).hasSize(160);
    assertThat(answers.stream().filter(CommandDriver.Answer::isDone)).hasSize(8 * 16);
    assertThat(resources).allSatisfy(resource -> assertThat(got(resource)).isEqualTo(48));
  }

  private List<CommandDriver.Answer> deliverOneEach(List<Resource<T>> resources) {
    var batch =
        resources.stream()
            .map(resource -> driver.tryIt(CommandDriver.newSaga(), resource.request(3)))
            .toList();
    driver.deliver(batch);
    return driver.answersTo(batch);
  }

  @Test
  @Tag("F45")
  void sameCommandsFromTwoConsumersAtOnceHaveOneEffect()
      throws InterruptedException, ExecutionException {
    var resource = resource(1_000);
    var saga = IntStream.range(0, 30).mapToObj(_ -> CommandDriver.newSaga()).toList();
    var random = new Random(7);

    try (var threads = Executors.newFixedThreadPool(3)) {
      var batches = new ArrayList<Callable<Boolean>>();
      for (int i = 0; i < 6; i++) {
        var batch = new ArrayList<Envelope>();
        saga.forEach(id -> batch.add(driver.tryIt(id, resource.request(3))));
        Collections.shuffle(batch, random);
        batches.add(
            () -> {
              driver.deliver(batch);
              return true;
            });
      }
      for (var batch : threads.invokeAll(batches)) {
        batch.get();
      }
    }

    Awaitility.await()
        .atMost(LONGEST_WAIT)
        .untilAsserted(() -> assertThat(got(resource)).isEqualTo(90));
  }

  /** Inbox, fences (load, insert, update), outbox; and what the participant's own store states. */
  @Test
  void statementsPerBatchDoNotGrowWithTheBatch() {
    var resource = resource(1_000);
    var small = mixedBatch(resource, 1);
    var large = mixedBatch(resource, 50);

    var forSmall = statements.executedBy(() -> driver.deliver(small));
    var forLarge = statements.executedBy(() -> driver.deliver(large));

    int ofTheKit = settles() ? 4 : 5;
    assertThat(forLarge).isEqualTo(forSmall).hasSize(ofTheKit + domainStatementsPerBatch());
  }

  /** New tries, and confirms and cancels of older ones where there are any. */
  private List<Envelope> mixedBatch(Resource<T> resource, int size) {
    var batch = new ArrayList<Envelope>();
    for (int i = 0; i < size; i++) {
      if (!settles()) {
        batch.add(driver.confirm(tried(resource, 1)));
        batch.add(driver.cancel(tried(resource, 1)));
      }
      batch.add(driver.tryIt(CommandDriver.newSaga(), resource.request(1)));
    }
    return batch;
  }

  @Test
  @Tag("R-S1")
  void settledTryIsDoneForGood() {
    assumeTrue(settles(), "a confirm or cancel follows");
    var resource = resource(10);
    var saga = tried(resource, 3);

    var confirmed = driver.ask(driver.confirm(saga));
    var cancelled = driver.ask(driver.cancel(saga));

    assertThat(fenceState(saga)).isEqualTo("CONFIRMED");
    assertThat(waits(saga)).isFalse();
    assertThat(confirmed.isDone()).isTrue();
    assertThat(cancelled.isConflict()).isTrue();
    assertThat(resource.held()).isZero();
    assertThat(resource.taken()).isEqualTo(3);
  }

  @Test
  void oldReservationAsksForTheOutcome() {
    assumeTrue(!settles(), NOTHING_FOLLOWS);
    var resource = resource(10);
    var saga = tried(resource, 3);

    becomeDue(saga);

    Awaitility.await()
        .atMost(LONGEST_WAIT)
        .untilAsserted(() -> assertThat(driver.questionsAbout(saga)).hasSize(1));
    var question = driver.questionsAbout(saga).findFirst().orElseThrow();
    assertThat(question.step()).isEqualTo(contract().name());
    assertThat(question.phase()).isEqualTo(Phase.TRY);
    assertThat(resource.held()).isEqualTo(3);
  }

  @Test
  void finishedReservationAsksNoMore() {
    assumeTrue(!settles(), NOTHING_FOLLOWS);
    var resource = resource(10);
    var confirmed = tried(resource, 3);
    var cancelled = tried(resource, 3);

    driver.ask(driver.confirm(confirmed));
    driver.ask(driver.cancel(cancelled));

    assertThat(waits(confirmed)).isFalse();
    assertThat(waits(cancelled)).isFalse();
  }

  /** How many units the tries got. */
  private long got(Resource<T> resource) {
    return settles() ? resource.taken() : resource.held();
  }

  /** A saga that holds {@code units}. */
  protected final SagaId tried(Resource<T> resource, long units) {
    var saga = CommandDriver.newSaga();
    assertThat(driver.ask(driver.tryIt(saga, resource.request(units))).isDone()).isTrue();
    return saga;
  }

  private static final String BECOME_DUE =
      """
      update participant_fence set next_action_at = now()
      where saga_id = ? and step = ?
      """;

  private void becomeDue(SagaId saga) {
    jdbc.sql(BECOME_DUE).params(saga.value(), contract().name()).update();
  }

  private static final String WAITS =
      """
      select next_action_at is not null from participant_fence
      where saga_id = ? and step = ?
      """;

  private boolean waits(SagaId saga) {
    return jdbc.sql(WAITS).params(saga.value(), contract().name()).query(Boolean.class).single();
  }

  private static final String STATE =
      """
      select state from participant_fence
      where saga_id = ? and step = ?
      """;

  private String fenceState(SagaId saga) {
    return jdbc.sql(STATE).params(saga.value(), contract().name()).query(String.class).single();
  }

  private boolean fenceExists(SagaId saga) {
    return jdbc.sql(STATE)
        .params(saga.value(), contract().name())
        .query(String.class)
        .optional()
        .isPresent();
  }
}
