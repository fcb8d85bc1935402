package io.holdfast.messaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.holdfast.messaging.JobStore.Answer;
import io.holdfast.messaging.JobStore.Job;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.ToIntFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/** Two instances of a service that have an outside world do the same rows. */
@Tag("R-S6")
class DueWorkIT extends RunningMessaging {

  private static final Duration LONG_LEASE = Duration.ofMinutes(1);
  private static final Duration SHORT_LEASE = Duration.ofMillis(300);
  private static final int PARALLEL = 8;

  private final List<DueWork<Job, Integer>> instances = new ArrayList<>();
  private final Map<Integer, AtomicInteger> calls = new ConcurrentHashMap<>();
  private final ConcurrentLinkedQueue<Integer> rounds = new ConcurrentLinkedQueue<>();
  private JobStore jobs;

  @BeforeEach
  void makeStore() {
    jobs = new JobStore(jdbc, consumer);
  }

  @AfterEach
  void stop() {
    instances.forEach(
        instance -> {
          instance.timer().stop();
          instance.close();
        });
  }

  /** An instance's work: what it calls, and what it does before it records a round. */
  private final class Jobs implements DueWork.Work<Job, Integer> {
    private final Duration lease;
    private final ToIntFunction<Job> world;
    private final Consumer<List<Answer>> beforeRecord;

    Jobs(Duration lease, ToIntFunction<Job> world, Consumer<List<Answer>> beforeRecord) {
      this.lease = lease;
      this.world = world;
      this.beforeRecord = beforeRecord;
    }

    @Override
    public List<Job> claim(int limit) {
      return jobs.claim(limit, lease);
    }

    @Override
    public Duration untilNextDue(Duration atMost) {
      return jobs.untilNextDue(atMost);
    }

    @Override
    public Integer call(Job job) {
      calls.computeIfAbsent(job.number(), _ -> new AtomicInteger()).incrementAndGet();
      return world.applyAsInt(job);
    }

    @Override
    public void record(List<DueWork.Answered<Job, Integer>> round) {
      var answers =
          round.stream().map(answered -> new Answer(answered.claim(), answered.answer())).toList();
      beforeRecord.accept(answers);
      var newest = jobs.lock(answers);
      var counting =
          answers.stream()
              .filter(
                  answer ->
                      newest.getOrDefault(answer.job().number(), 0L) == answer.job().version())
              .toList();
      RedoBatch.unlessAll("jobs", jobs.record(counting), counting.size());
      rounds.add(round.size());
    }
  }

  private DueWork<Job, Integer> start(
      Duration lease, ToIntFunction<Job> world, Consumer<List<Answer>> beforeRecord) {
    var instance =
        new DueWork<>(consumer, PARALLEL, transactions, new Jobs(lease, world, beforeRecord));
    instances.add(instance);
    instance.timer().start();
    return instance;
  }

  private DueWork<Job, Integer> start(Duration lease, ToIntFunction<Job> world) {
    return start(lease, world, _ -> {});
  }

  private void answered(int count) {
    await().atMost(LONGEST_WAIT).until(() -> jobs.answered().size() == count);
  }

  @Test
  void twoInstancesHaveEachRowDoneOnce() {
    jobs.add(1, 300);

    start(LONG_LEASE, Job::number);
    start(LONG_LEASE, Job::number);

    answered(300);
    assertThat(calls).hasSize(300).allSatisfy((_, times) -> assertThat(times).hasValue(1));
    assertThat(jobs.answered())
        .allMatch(row -> row.answered() == 1 && row.answer() == row.number());
  }

  @Test
  void noMoreAreUnderWayThanThereArePlaces() {
    jobs.add(1, 40);
    var allPlaces = new CountDownLatch(PARALLEL);
    var enoughSeen = new CountDownLatch(1);

    start(
        LONG_LEASE,
        job -> {
          allPlaces.countDown();
          awaitLatch(enoughSeen);
          return job.number();
        });
    awaitLatch(allPlaces);
    long claimed = jobs.countClaimed();
    enoughSeen.countDown();

    assertThat(claimed).isEqualTo(PARALLEL);
    answered(40);
  }

  @Test
  void worldIsCalledOutsideOfAnyTransactionAndRecordedInOne() {
    jobs.add(1, 1);
    var duringCall = new AtomicBoolean(true);
    var duringRecord = new AtomicBoolean(false);

    start(
        LONG_LEASE,
        job -> {
          duringCall.set(TransactionSynchronizationManager.isActualTransactionActive());
          return job.number();
        },
        _ -> duringRecord.set(TransactionSynchronizationManager.isActualTransactionActive()));

    answered(1);
    assertThat(duringCall).isFalse();
    assertThat(duringRecord).isTrue();
  }

  @Test
  void whatIsAnsweredWhileARoundIsRecordedIsTheNextRound() {
    jobs.add(1, PARALLEL);
    var firstRound = new AtomicBoolean(true);
    var othersAnswered = new CountDownLatch(PARALLEL);

    start(
        LONG_LEASE,
        job -> {
          othersAnswered.countDown();
          return job.number();
        },
        _ -> {
          if (firstRound.getAndSet(false)) {
            awaitLatch(othersAnswered);
          }
        });

    answered(PARALLEL);
    assertThat(rounds.stream().mapToInt(round -> round).sum()).isEqualTo(PARALLEL);
    assertThat(rounds).hasSizeLessThan(PARALLEL);
  }

  /** The first instance is slower than its lease, and answers when another has done it. */
  @Test
  void answerOfALostClaimChangesNothing() {
    jobs.add(1, 1);
    var slow = new CountDownLatch(1);
    var slowIsAsked = new CountDownLatch(1);
    var first =
        start(
            SHORT_LEASE,
            job -> {
              if (job.version() == 1 && job.number() == 1) {
                slowIsAsked.countDown();
                awaitLatch(slow);
                return 1_000;
              }
              return job.number();
            });
    awaitLatch(slowIsAsked);

    start(LONG_LEASE, job -> job.number() + 2_000);
    answered(1);
    var round = jobs.answered().getFirst();
    jobs.add(2, 20);
    slow.countDown();
    first.wakeUp();
    answered(20);

    assertThat(jobs.answered().getFirst()).isEqualTo(round);
    assertThat(jobs.answered()).allMatch(row -> row.answered() == 1);
    assertThat(calls.get(1)).hasValue(2);
  }

  @Test
  void answerThatCannotBeRecordedUndoesOnlyItself() {
    jobs.add(1, 64);
    var claims = transactions.execute(_ -> jobs.claim(64, LONG_LEASE));
    var instance =
        new DueWork<>(consumer, PARALLEL, transactions, new Jobs(LONG_LEASE, Job::number, _ -> {}));
    instances.add(instance);
    var lost = new ConcurrentLinkedQueue<Integer>();

    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (var job : claims) {
        threads.execute(
            () -> {
              if (!instance.record(job, job.number() == 13 ? -1 : job.number())) {
                lost.add(job.number());
              }
            });
      }
    }

    assertThat(lost).containsExactly(13);
    assertThat(jobs.answered().stream().map(JobStore.Row::number))
        .containsExactlyElementsOf(
            IntStream.rangeClosed(1, 64).filter(number -> number != 13).boxed().toList());
  }

  @Test
  void rowThatSomebodyElseKeepsLockedUndoesOnlyItselfAndIsWaitedForAFewTimesOnly() {
    jobs.add(1, 16);
    var claims = transactions.execute(_ -> jobs.claim(16, LONG_LEASE));
    var kept = claims.get(12);
    var timesWaited = new AtomicInteger();
    var instance =
        new DueWork<>(
            consumer,
            PARALLEL,
            transactions,
            new Jobs(
                LONG_LEASE,
                Job::number,
                round -> {
                  jobs.waitForLocksAtMost(Duration.ofMillis(100));
                  if (round.stream().anyMatch(answer -> answer.job().equals(kept))) {
                    timesWaited.incrementAndGet();
                  }
                }));
    instances.add(instance);
    var lost = new ConcurrentLinkedQueue<Job>();

    transactions.executeWithoutResult(
        _ -> {
          jobs.lock(List.of(new Answer(kept, 0)));
          try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (var job : claims) {
              threads.execute(
                  () -> {
                    if (!instance.record(job, job.number())) {
                      lost.add(job);
                    }
                  });
            }
          }
        });

    assertThat(lost).containsExactly(kept);
    assertThat(jobs.answered()).hasSize(15);
    assertThat(timesWaited).hasValueLessThanOrEqualTo(5);
  }

  @Test
  void roundThatAnotherTransactionCameInBetweenIsDecidedAnew() {
    jobs.add(1, 1);
    var attempts = new AtomicInteger();

    start(
        LONG_LEASE,
        Job::number,
        _ -> {
          if (attempts.incrementAndGet() < 4) {
            throw new RedoBatch("something else is wanted");
          }
        });

    answered(1);
    assertThat(attempts).hasValue(4);
    assertThat(calls.get(1)).hasValue(1);
  }

  @Test
  void whatAnInstanceDidNotLiveToRecordIsClaimedAgain() {
    jobs.add(1, 1);
    start(
        SHORT_LEASE,
        Job::number,
        _ -> {
          throw new IllegalStateException("crash");
        });
    await().atMost(LONGEST_WAIT).until(() -> calls.containsKey(1));
    instances.getFirst().timer().stop();

    start(SHORT_LEASE, Job::number);

    answered(1);
    assertThat(jobs.answered().getFirst().version()).isGreaterThan(1);
  }
}
