package io.holdfast.messaging;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.holdfast.messaging.EffectStore.Effect;
import io.holdfast.messaging.Outbox.Outgoing;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.dao.TransientDataAccessResourceException;

/** What a poll does to the database. The test says what a poll is; ConsumptionIT asks a broker. */
class BatchConsumerIT extends RunningMessaging {

  @Autowired private Outbox outbox;

  @Test
  @Tag("F20")
  void aMessageThatComesTwiceInOnePollHasOneEffect() {
    var batch = new ArrayList<>(messages(3));
    batch.addAll(List.copyOf(batch));

    storing().onMessage(poll(batch));

    assertThat(effects.numbersOf(consumer)).containsExactly(0, 1, 2);
    assertThat(parked()).isEmpty();
  }

  @Test
  @Tag("R-inbox")
  void aMessageThatComesAgainHasNoEffectAndThoseAroundItHave() {
    var batch = messages(6);
    storing().onMessage(poll(List.of(batch.get(1), batch.get(3))));

    storing().onMessage(poll(batch));

    assertThat(effects.numbersOf(consumer)).containsExactly(1, 3, 0, 2, 4, 5);
  }

  @Test
  @Tag("R-inbox")
  void eachConsumerHasItsOwnEffectOfAMessage() {
    var batch = messages(2);
    String other = consumer + "-other";
    var otherConsumer =
        new BatchConsumer(
            new Subscription(other, List.of(), List.of(), fresh -> effects.store(other, fresh)),
            new Inbox(jdbc),
            new ParkedMessageStore(jdbc),
            transactions,
            metrics);

    storing().onMessage(poll(batch));
    otherConsumer.onMessage(poll(batch));

    assertThat(effects.numbersOf(consumer)).containsExactly(0, 1);
    assertThat(effects.numbersOf(other)).containsExactly(0, 1);
  }

  @Test
  @Tag("R-inbox")
  @Tag("F45")
  void ofTwoTransactionsWithOneMessageTheSecondWaitsAndHasNoEffect() throws Exception {
    // Alone, so that a second who took it for an impossible one would park it.
    var batch = messages(1);
    var inside = new CountDownLatch(1);
    var goOn = new CountDownLatch(1);
    var zombie =
        consumerOf(
            fresh -> {
              effects.store(consumer, fresh);
              inside.countDown();
              awaitLatch(goOn);
            });

    try (var threads = Executors.newFixedThreadPool(2)) {
      var first = threads.submit(() -> zombie.onMessage(poll(batch)));
      awaitLatch(inside);
      var second = threads.submit(() -> storing().onMessage(poll(batch)));
      awaitBlockedClaim();
      goOn.countDown();
      first.get(20, TimeUnit.SECONDS);
      second.get(20, TimeUnit.SECONDS);
    }

    assertThat(effects.numbersOf(consumer)).containsExactly(0);
    assertThat(parked()).isEmpty();
  }

  @Test
  @Tag("R-inbox")
  @Tag("F45")
  void ofTwoTransactionsWithOneMessageTheSecondHasTheEffectIfTheFirstRollsBack() throws Exception {
    var batch = messages(5);
    var inside = new CountDownLatch(1);
    var goOn = new CountDownLatch(1);
    var failing =
        consumerOf(
            fresh -> {
              effects.store(consumer, fresh);
              inside.countDown();
              awaitLatch(goOn);
              throw new TransientDataAccessResourceException("cut off");
            });

    try (var threads = Executors.newFixedThreadPool(2)) {
      var first = threads.submit(() -> failing.onMessage(poll(batch)));
      awaitLatch(inside);
      var second = threads.submit(() -> storing().onMessage(poll(batch)));
      awaitBlockedClaim();
      goOn.countDown();
      assertThat(first).failsWithin(Duration.ofSeconds(20));
      second.get(20, TimeUnit.SECONDS);
    }

    assertThat(effects.numbersOf(consumer)).isEqualTo(numbers(5));
  }

  @Test
  @Tag("F21")
  void shuffledPollsOfTheSameMessagesNeitherDeadlockNorDouble() throws Exception {
    long seed = System.nanoTime();
    var messages = messages(200);
    var store = storing();
    var done = new ArrayList<Future<?>>();

    try (var threads = Executors.newFixedThreadPool(4)) {
      for (int thread = 0; thread < 4; thread++) {
        var random = new Random(seed + thread);
        done.add(
            threads.submit(
                () -> {
                  var shuffled = new ArrayList<>(messages);
                  Collections.shuffle(shuffled, random);
                  for (int from = 0; from < 200; from += 40) {
                    store.onMessage(poll(shuffled.subList(from, from + 40)));
                  }
                }));
      }
      for (var thread : done) {
        thread.get(20, TimeUnit.SECONDS);
      }
    }

    assertThat(effects.numbersOf(consumer))
        .as("seed %d", seed)
        .containsExactlyInAnyOrderElementsOf(numbers(200));
  }

  @Test
  @Tag("R-inbox")
  void claimAndEffectGoTogether() {
    var batch = messages(4);
    var failing =
        consumerOf(
            fresh -> {
              effects.store(consumer, fresh);
              throw new TransientDataAccessResourceException("later");
            });

    assertThatThrownBy(() -> failing.onMessage(poll(batch)))
        .isInstanceOf(TransientDataAccessResourceException.class);
    assertThat(effects.of(consumer)).isEmpty();

    storing().onMessage(poll(batch));
    assertThat(effects.numbersOf(consumer)).isEqualTo(numbers(4));
    assertThat(parked()).isEmpty();
  }

  @Test
  @Tag("F48")
  void aConnectionCutInsideATransactionLeavesNothingBehindAndNothingParked() {
    var batch = messages(4);
    var cuts = new AtomicInteger();
    var cut =
        consumerOf(
            fresh -> {
              effects.store(consumer, fresh);
              if (cuts.getAndIncrement() == 0) {
                jdbc.sql("select pg_terminate_backend(pg_backend_pid())").query().listOfRows();
              }
            });
    var records = poll(batch);

    assertThatThrownBy(() -> cut.onMessage(records)).isInstanceOf(RuntimeException.class);
    assertThat(effects.of(consumer)).isEmpty();

    cut.onMessage(records);
    assertThat(effects.numbersOf(consumer)).isEqualTo(numbers(4));
    assertThat(parked()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "08006", "25P03", "28P01", "40001", "40P01", "53100", "53300", "55P03", "57014", "57P01",
        "58030"
      })
  @Tag("F48")
  void aTroubleOfTheServerIsNobodysFault(String state) {
    var batch = messages(3);

    assertThatThrownBy(() -> raising(state).onMessage(poll(batch)))
        .isInstanceOf(RuntimeException.class);

    assertThat(parked()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"22012", "22P02", "23503", "23514", "42703", "P0001"})
  @Tag("F48")
  @Tag("F51")
  void aMistakeInAMessageIsItsOwnFault(String state) {
    var batch = messages(3);

    raising(state).onMessage(poll(batch));

    assertThat(parked()).hasSize(1);
    assertThat(effects.numbersOf(consumer)).containsExactly(0, 2);
  }

  /** Stores all but the message with number 1, on which the server raises an error. */
  private BatchConsumer raising(String state) {
    return consumerOf(
        fresh -> {
          effects.store(consumer, fresh);
          if (effects.numbersOf(consumer).contains(1)) {
            jdbc.sql("do $$ begin raise sqlstate '%s'; end $$".formatted(state)).update();
          }
        });
  }

  @Test
  @Tag("F19")
  void ofManyMessagesOnlyTheImpossibleOnesAreParked() {
    var batch = new ArrayList<>(messages(100));
    var saga = newSaga();
    batch.add(37, message(saga, -1));
    batch.add(80, message(saga, COUNTED_TYPE, "no JSON".getBytes(UTF_8)));

    storing().onMessage(poll(batch));

    assertThat(effects.numbersOf(consumer)).isEqualTo(numbers(100));
    assertThat(parked()).extracting(Parked::logOffset).containsExactly(37L, 80L);
    assertThat(parked()).extracting(Parked::messageKey).containsOnly(saga.toString());
    assertThat(parked().getFirst().reason()).contains("effect_number_check");
    assertThat(parked().getLast().reason()).contains("body is not a Counted");
  }

  @Test
  @Tag("F51")
  void aParkedMessageComesAgainAndIsParkedOnce() {
    var records = poll(List.of(message(newSaga(), -1), message(newSaga(), 1)));

    storing().onMessage(records);
    storing().onMessage(records);

    assertThat(parked()).hasSize(1);
    assertThat(effects.numbersOf(consumer)).containsExactly(1);
  }

  @Test
  @Tag("F57")
  void anUnknownTypeIsParkedAndNeverSkipped() {
    var future = message(newSaga(), "test.future.v9", new byte[0]);
    var knowing =
        consumerOf(
            fresh -> {
              for (var message : fresh) {
                if (!message.type().equals(COUNTED_TYPE)) {
                  throw new InvalidMessage("unknown type " + message.type());
                }
              }
              effects.store(consumer, fresh);
            });

    knowing.onMessage(poll(List.of(message(newSaga(), 1), future, message(newSaga(), 2))));

    assertThat(effects.numbersOf(consumer)).containsExactly(1, 2);
    assertThat(parked()).extracting(Parked::reason).first().asString().contains("test.future.v9");
  }

  @Test
  @Tag("F52")
  void aMessageWhoseAnswerWouldBeTooLargeIsParkedAlone() {
    var echoing =
        consumerOf(
            fresh -> {
              effects.store(consumer, fresh);
              outbox.append(
                  fresh.stream()
                      .filter(message -> message.body().length > 100)
                      .map(
                          message ->
                              new Outgoing(
                                  "echo", message.causes("test", "echo.v1", message.body())))
                      .toList());
            });
    byte[] large =
        "{\"number\":7,\"padding\":\"%s\"}".formatted("x".repeat(300_000)).getBytes(UTF_8);

    echoing.onMessage(
        poll(
            List.of(
                message(newSaga(), 1),
                message(newSaga(), COUNTED_TYPE, large),
                message(newSaga(), 2))));

    assertThat(effects.numbersOf(consumer)).containsExactly(1, 2);
    assertThat(parked()).extracting(Parked::reason).first().asString().contains("more than 262144");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"no headers", "null header", "NUL in key", "NUL in header", "null body", "bytes"})
  @Tag("F48")
  @Tag("F51")
  void whatIsNoMessageIsParkedWhateverItIs(String how) {
    var good = poll(messages(2));
    var bad = new ConsumerRecord<String, byte[]>("test", 3, 99, "key", new byte[] {0, -1, 7});
    switch (how) {
      case "null header" ->
          bad.headers()
              .add(new RecordHeader(TraceParent.HEADER, (byte[]) null))
              .add(new RecordHeader("ce_id", (byte[]) null))
              .add(new RecordHeader("ce_specversion", "1.0".getBytes(UTF_8)));
      case "NUL in key" ->
          bad = new ConsumerRecord<>("test", 3, 99, "k\0ey", new byte[] {0, -1, 7});
      case "NUL in header" ->
          bad.headers().add(new RecordHeader("ce_\0id", "x\0y".getBytes(UTF_8)));
      case "null body" -> bad = new ConsumerRecord<>("test", 3, 99, "key", null);
      case "bytes" -> bad.headers().add(new RecordHeader("ce_id", new byte[] {-1, -2, 0, 1}));
      default -> {}
    }

    storing().onMessage(List.of(good.getFirst(), bad, good.getLast()));

    assertThat(effects.numbersOf(consumer)).containsExactly(0, 1);
    assertThat(parked()).extracting(Parked::partition, Parked::logOffset).hasSize(1);
    assertThat(parked().getFirst().reason()).contains("InvalidMessage");
  }

  @Test
  @Tag("F18")
  void aBatchIsRedoneUntilWhatItBuildsOnIsSeen() {
    var attempts = new AtomicInteger();
    var patient =
        consumerOf(
            fresh -> {
              effects.store(consumer, fresh);
              if (attempts.incrementAndGet() < 6) {
                throw new RedoBatch("not visible yet");
              }
            });

    patient.onMessage(poll(messages(10)));

    assertThat(attempts).hasValue(6);
    assertThat(effects.numbersOf(consumer)).isEqualTo(numbers(10));
    assertThat(parked()).isEmpty();
  }

  @Test
  @Tag("F18")
  void onlyTheMessageWhoseCauseIsMissingIsAnOrphan() {
    var orphans = new ArrayList<Envelope>();
    var batch = messages(4);
    var missing = batch.get(2);
    var consumerWithOrphans =
        consumerOf(
            new BatchHandler() {
              @Override
              public void handle(List<Envelope> fresh) {
                effects.store(consumer, fresh);
                if (fresh.stream().anyMatch(message -> message.id().equals(missing.id()))) {
                  throw new RedoBatch("its row is missing");
                }
              }

              @Override
              public void handleOrphan(Envelope message) {
                orphans.add(message);
              }
            });

    consumerWithOrphans.onMessage(poll(batch));

    assertThat(orphans).extracting(Envelope::id).containsExactly(missing.id());
    assertThat(effects.numbersOf(consumer)).containsExactly(0, 1, 3);
    assertThat(parked()).isEmpty();
  }

  @Test
  @Tag("F18")
  void anOrphanThatNobodyAnswersIsParked() {
    var orphaned =
        consumerOf(
            fresh -> {
              throw new RedoBatch("row of " + fresh.size() + " missing");
            });

    orphaned.onMessage(poll(messages(1)));

    assertThat(parked()).extracting(Parked::reason).first().asString().contains("1 missing");
    assertThat(effects.of(consumer)).extracting(Effect::number).isEmpty();
  }

  private static final String BLOCKED_CLAIMS =
      """
      select count(*) from pg_stat_activity
      where datname = current_database() and wait_event_type = 'Lock' and query like 'insert into inbox%'
      """;

  private void awaitBlockedClaim() {
    await("a claim that waits for the other transaction")
        .atMost(LONGEST_WAIT)
        .until(() -> jdbc.sql(BLOCKED_CLAIMS).query(Integer.class).single() > 0);
  }
}
