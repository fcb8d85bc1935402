package io.holdfast.messaging;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.holdfast.messaging.EffectStore.Effect;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.kafka.autoconfigure.KafkaProperties;
import org.springframework.dao.TransientDataAccessResourceException;
import org.springframework.kafka.listener.BatchMessageListener;
import org.springframework.kafka.listener.ConcurrentMessageListenerContainer;

/**
 * Consumption from a real broker while things go wrong: each effect once, in order, none missing.
 */
class ConsumptionIT extends RunningMessaging {

  private final String topic = "topic-" + UuidV7.next();
  private final List<ConcurrentMessageListenerContainer<String, byte[]>> containers =
      new ArrayList<>();

  /** Size of each poll that reached a listener, repeated ones too. */
  private final List<Integer> polls = new CopyOnWriteArrayList<>();

  @Autowired private KafkaProperties kafka;
  @Autowired private MessagingProperties properties;

  private Admin admin;
  private KafkaProducer<String, byte[]> producer;

  @BeforeEach
  void connect() throws Exception {
    String servers = String.join(",", kafka.getBootstrapServers());
    admin = Admin.create(Map.of("bootstrap.servers", servers));
    // A partition that has just been made may refuse a batch and take the next one, and then never
    // the first: one at a time.
    producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", servers, "max.in.flight.requests.per.connection", 1),
            new StringSerializer(),
            new ByteArraySerializer());
    get(admin.createTopics(List.of(new NewTopic(topic, 4, (short) 1))).all());
  }

  @AfterEach
  void stop() {
    containers.forEach(ConcurrentMessageListenerContainer::stop);
    producer.close(Duration.ofSeconds(5));
    admin.close(Duration.ofSeconds(5));
  }

  @Test
  @Tag("F47")
  void offsetsFollowTheCommitAndNeverLead() {
    var inside = new CountDownLatch(1);
    var goOn = new CountDownLatch(1);
    send(messages(10));
    start(
        consumerOf(
            batch -> {
              effects.store(consumer, batch);
              inside.countDown();
              awaitLatch(goOn);
            }));

    awaitLatch(inside);
    assertThat(committed()).isZero();

    goOn.countDown();
    awaitCommitted(10);
    assertThat(effects.numbersOf(consumer)).isEqualTo(numbers(10));
  }

  @Test
  @Tag("F47")
  void consumerThatStopsHasSaidHowFarItIs() {
    send(messages(10));
    start(storing());
    await().atMost(LONGEST_WAIT).until(() -> effects.of(consumer).size() == 10);

    containers.getFirst().stop();

    assertThat(committed()).isEqualTo(10);
  }

  @Test
  @Tag("F46")
  @Tag("F47")
  void whatAConsumerCommittedBeforeItDiedIsReadAgainWithoutEffect() {
    var died = new CountDownLatch(1);
    send(messages(30));
    var first = storing();
    start(
        records -> {
          first.onMessage(records);
          died.countDown();
          throw new AssertionError("dies between the database's commit and Kafka's");
        });
    awaitLatch(died);
    await().atMost(LONGEST_WAIT).until(() -> !containers.getFirst().isRunning());
    assertThat(committed()).isZero();
    int effective = effects.of(consumer).size();
    assertThat(effective).isPositive();

    polls.clear();
    start(storing());

    awaitCommitted(30);
    assertThat(polls.stream().mapToInt(Integer::intValue).sum()).isEqualTo(30);
    assertThat(effects.numbersOf(consumer)).isEqualTo(numbers(30));
  }

  @Test
  @Tag("F48")
  void whileTheDatabaseIsAwayNothingIsParkedAndAfterwardsNothingIsMissing() {
    var messages = interleaved(10, 40);
    send(messages.subList(0, 200));
    start(storing());
    await().atMost(LONGEST_WAIT).until(() -> effects.of(consumer).size() == 200);

    String database = database();
    asSuperuser("postgres", "alter database %s with allow_connections false".formatted(database));
    try {
      asSuperuser(
          "postgres",
          "select pg_terminate_backend(pid) from pg_stat_activity where datname = '%s'"
              .formatted(database));
      polls.clear();
      send(messages.subList(200, 400));
      await().atMost(LONGEST_WAIT).until(() -> polls.size() >= 3);
    } finally {
      asSuperuser("postgres", "alter database %s with allow_connections true".formatted(database));
    }

    awaitCommitted(400);
    assertEachOnceAndInOrder(messages);
    assertThat(parked()).isEmpty();
  }

  @Test
  @Tag("F48")
  void noKindOfExceptionHasRecordsSkipped() {
    var failures = new AtomicInteger();
    var store = storing();
    send(messages(10));

    // The framework takes this cause for fatal; left to itself it logs and goes on.
    start(
        records -> {
          if (failures.incrementAndGet() <= 2) {
            throw new TransientDataAccessResourceException("again", new ClassCastException());
          }
          store.onMessage(records);
        });

    awaitCommitted(10);
    assertThat(effects.numbersOf(consumer)).isEqualTo(numbers(10));
    assertThat(failures).hasValueGreaterThan(2);
  }

  @Test
  @Tag("F19")
  @Tag("F51")
  void poisonIsParkedAloneAndConsumptionGoesOn() {
    var messages = new ArrayList<>(interleaved(8, 25));
    var poisoned = newSaga();
    var impossible = message(poisoned, -1);
    messages.add(77, impossible);
    send(messages.subList(0, 150));
    sendGarbage();
    send(messages.subList(150, messages.size()));

    start(storing());

    awaitCommitted(messages.size() + 2);
    messages.remove(impossible);
    assertEachOnceAndInOrder(messages);
    assertThat(parked()).hasSize(3).allMatch(message -> message.topic().equals(topic));
    assertThat(parked())
        .filteredOn(message -> poisoned.toString().equals(message.messageKey()))
        .singleElement()
        .satisfies(message -> assertThat(message.reason()).contains("effect_number_check"));

    var later = messages(3);
    send(later);
    awaitCommitted(messages.size() + 6);
    messages.addAll(later);
    assertEachOnceAndInOrder(messages);
  }

  @Test
  @Tag("F46")
  void aConsumerThatJoinsInTheMiddleOfABatchTakesOverAndDoublesNothing() {
    var messages = interleaved(20, 20);
    var inside = new CountDownLatch(1);
    var goOn = new CountDownLatch(1);
    send(messages);
    start(
        consumerOf(
            batch -> {
              effects.store(consumer, batch);
              inside.countDown();
              awaitLatch(goOn);
            }));
    awaitLatch(inside);

    var joined = new AtomicInteger();
    var second = storing();
    start(
        records -> {
          joined.addAndGet(records.size());
          second.onMessage(records);
        });
    await("the group waits for its first member").atMost(LONGEST_WAIT).until(() -> members() == 2);
    goOn.countDown();

    awaitCommitted(400);
    await().atMost(LONGEST_WAIT).until(() -> assigned(1) == 2);
    send(more(messages));
    awaitCommitted(420);
    assertThat(joined).hasPositiveValue();
    assertThat(effects.of(consumer)).extracting(Effect::messageId).doesNotHaveDuplicates();
    assertThat(effects.of(consumer)).hasSize(420);
    assertOrderOfEachSaga();
  }

  @Test
  @Tag("F45")
  void aZombieAndItsSuccessorHaveEachEffectOnce() {
    var messages = interleaved(20, 10);
    var inside = new CountDownLatch(1);
    var goOn = new CountDownLatch(1);
    var isZombie = new AtomicBoolean(true);
    send(messages);
    var zombie =
        consumerOf(
            batch -> {
              effects.store(consumer, batch);
              if (isZombie.getAndSet(false)) {
                inside.countDown();
                awaitLatch(goOn);
              }
            });
    start(
        zombie,
        Map.of(
            "max.poll.interval.ms",
            "1500",
            "session.timeout.ms",
            "1500",
            "heartbeat.interval.ms",
            "500"));
    awaitLatch(inside);

    start(storing());
    await("the successor has the zombie's partitions")
        .atMost(LONGEST_WAIT)
        .until(() -> assigned(1) == 4);
    await("and its records").atMost(LONGEST_WAIT).until(() -> polls.size() >= 2);
    goOn.countDown();

    awaitCommitted(200);
    assertEachOnceAndInOrder(messages);
    assertThat(parked()).isEmpty();
  }

  @Test
  @Tag("F49")
  void anErrorEndsNoConsumption() throws Exception {
    var fatal =
        message(
            newSaga(), MessagingTestApplication.FATAL_ONCE_TYPE, Json.bytes(Map.of("number", 1)));

    sendTo(MessagingTestApplication.TOPIC, List.of(fatal));

    await()
        .atMost(LONGEST_WAIT)
        .until(
            () ->
                effects.of(MessagingTestApplication.CONSUMER).stream()
                    .anyMatch(effect -> effect.messageId().equals(fatal.id())));
  }

  @Test
  void aTopicThatHasToWaitIsLeftAloneAndReadWhenItMay() {
    String other = topic + "-other";
    get(admin.createTopics(List.of(new NewTopic(other, 4, (short) 1))).all());
    var waiting = new AtomicReference<>(Set.of(topic));
    var asked = new AtomicInteger();
    var subscription =
        new Subscription(
            consumer,
            List.of(topic, other),
            List.of(),
            batch -> effects.store(consumer, batch),
            () -> {
              asked.incrementAndGet();
              return waiting.get();
            });
    start(subscription);
    await().atMost(LONGEST_WAIT).until(() -> asked.get() > 0);

    var kept = messages(3);
    send(kept);
    var others = messages(20);
    sendTo(other, others);
    await().atMost(LONGEST_WAIT).until(() -> effects.of(consumer).size() == 20);
    assertThat(effects.of(consumer))
        .extracting(Effect::messageId)
        .doesNotContainAnyElementsOf(kept.stream().map(Envelope::id).toList());

    waiting.set(Set.of());
    await().atMost(LONGEST_WAIT).until(() -> effects.of(consumer).size() == 23);
    assertOrderOfEachSaga();
  }

  /** Messages of some sagas in turn, each saga's numbers rising. */
  private static List<Envelope> interleaved(int sagas, int each) {
    var ids = Stream.generate(RunningMessaging::newSaga).limit(sagas).toList();
    return IntStream.range(0, sagas * each)
        .mapToObj(n -> message(ids.get(n % sagas), n / sagas))
        .toList();
  }

  /** One more message of each saga. */
  private static List<Envelope> more(List<Envelope> messages) {
    return messages.stream()
        .map(Envelope::sagaId)
        .distinct()
        .map(saga -> message(saga, 1_000))
        .toList();
  }

  private void start(BatchMessageListener<String, byte[]> listener) {
    start(listener, Map.of());
  }

  /** Starts one more member of this test's group. */
  private void start(
      BatchMessageListener<String, byte[]> listener, Map<String, String> consumerSettings) {
    var subscription = new Subscription(consumer, List.of(topic), List.of(), _ -> {});
    var container = BatchConsumers.container(subscription, storing(), kafka, properties, _ -> {});
    container.setBeanName(consumer + "-" + containers.size());
    var overrides = new Properties();
    overrides.putAll(consumerSettings);
    container.getContainerProperties().setKafkaConsumerProperties(overrides);
    container
        .getContainerProperties()
        .setMessageListener(
            (BatchMessageListener<String, byte[]>)
                records -> {
                  polls.add(records.size());
                  listener.onMessage(records);
                });
    containers.add(container);
    container.start();
  }

  private void start(Subscription subscription) {
    var batches =
        new BatchConsumer(
            subscription, new Inbox(jdbc), new ParkedMessageStore(jdbc), transactions, metrics);
    var container = BatchConsumers.container(subscription, batches, kafka, properties, _ -> {});
    containers.add(container);
    container.start();
  }

  private int assigned(int container) {
    var partitions = containers.get(container).getAssignedPartitions();
    return partitions == null ? 0 : partitions.size();
  }

  private void send(List<Envelope> messages) {
    sendTo(topic, messages);
  }

  private void sendTo(String name, List<Envelope> messages) {
    send(
        messages.stream()
            .map(message -> record(EnvelopeCodec.encode(name, message)))
            .map(
                record ->
                    new ProducerRecord<>(
                        name, null, record.key(), record.value(), record.headers())));
  }

  /** What no decoder understands; the second has headers without a value. */
  private void sendGarbage() {
    send(
        Stream.of(
            new ProducerRecord<>(topic, 0, "garbage", new byte[] {0, -1, 7}),
            new ProducerRecord<>(
                topic,
                0,
                "gar\0bage",
                null,
                List.of(
                    new RecordHeader("ce_specversion", "1.0".getBytes(UTF_8)),
                    new RecordHeader("ce_id", null)))));
  }

  private void send(Stream<ProducerRecord<String, byte[]>> records) {
    var sent = records.map(producer::send).toList();
    producer.flush();
    assertThat(sent).allMatch(record -> record.state() == Future.State.SUCCESS);
  }

  /** Sum of the group's offsets. */
  private long committed() {
    return get(admin.listConsumerGroupOffsets(consumer).partitionsToOffsetAndMetadata())
        .values()
        .stream()
        .mapToLong(OffsetAndMetadata::offset)
        .sum();
  }

  private void awaitCommitted(long records) {
    await("offsets of " + records + " records")
        .atMost(LONGEST_WAIT)
        .pollInterval(Duration.ofMillis(50))
        .until(() -> committed() == records);
  }

  private int members() {
    return get(admin.describeConsumerGroups(List.of(consumer)).all()).values().stream()
        .mapToInt(group -> group.members().size())
        .sum();
  }

  private static <T> T get(KafkaFuture<T> future) {
    try {
      return future.get(10, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    } catch (ExecutionException | TimeoutException e) {
      throw new IllegalStateException("the broker did not answer", e);
    }
  }

  private void assertEachOnceAndInOrder(List<Envelope> messages) {
    assertThat(effects.of(consumer))
        .extracting(Effect::messageId)
        .containsExactlyInAnyOrderElementsOf(messages.stream().map(Envelope::id).toList());
    assertOrderOfEachSaga();
  }

  private void assertOrderOfEachSaga() {
    var bySaga = new HashMap<UUID, List<Integer>>();
    for (var effect : effects.of(consumer)) {
      bySaga.computeIfAbsent(effect.sagaId(), _ -> new ArrayList<>()).add(effect.number());
    }
    assertThat(bySaga.values()).allSatisfy(numbers -> assertThat(numbers).isSorted());
  }
}
