package io.holdfast.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Pattern;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;

/**
 * The network at its worst: reads every topic and sends what it saw again, later, in another order,
 * sometimes under a new message id, as a sender does that never got its answer.
 */
final class Repeater implements AutoCloseable {

  /** Everything of Holdfast's own; a topic of the broker's begins with two underscores. */
  private static final Pattern TOPICS = Pattern.compile("(?!__).*");

  private static final String GROUP = "repeater";
  private static final String ID = "ce_id";
  private static final String REPEATED = "repeated";
  private static final Duration POLL = Duration.ofMillis(100);

  private final KafkaConsumer<String, byte[]> consumer;
  private final KafkaProducer<String, byte[]> producer;
  private final Admin admin;
  private final Random random;
  private final List<ConsumerRecord<String, byte[]>> seen =
      Collections.synchronizedList(new ArrayList<>());
  private final AtomicReference<@Nullable Exception> unsent = new AtomicReference<>();
  private final Thread thread;
  private volatile boolean closed;

  Repeater(String bootstrapServers, long seed) {
    this.random = new Random(seed);
    var consumer = new Properties();
    consumer.put(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
    consumer.put(ConsumerConfig.GROUP_ID_CONFIG, GROUP);
    consumer.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
    consumer.put(ConsumerConfig.METADATA_MAX_AGE_CONFIG, "1000");
    this.consumer =
        new KafkaConsumer<>(consumer, new StringDeserializer(), new ByteArrayDeserializer());
    var producer = new Properties();
    producer.put(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
    this.producer =
        new KafkaProducer<>(producer, new StringSerializer(), new ByteArraySerializer());
    this.admin = Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers));
    this.thread = Thread.ofPlatform().name("repeater").start(this::repeat);
  }

  /** Messages that it has seen, its own not counted. */
  List<ConsumerRecord<String, byte[]>> seen() {
    synchronized (seen) {
      return List.copyOf(seen);
    }
  }

  /** Sends all that it has seen, in any order, each under a new id. */
  void sendAllAgain() {
    var all = new ArrayList<>(seen());
    Collections.shuffle(all, random);
    all.forEach(record -> send(record, true));
    producer.flush();
    assertThat(unsent.get()).as("failure to send again").isNull();
  }

  /** Whether every consumer of Holdfast's has read all that there is. */
  boolean allRead() throws InterruptedException, ExecutionException {
    for (var group : admin.listGroups().all().get()) {
      if (group.groupId().equals(GROUP)) {
        continue;
      }
      var committed =
          admin.listConsumerGroupOffsets(group.groupId()).partitionsToOffsetAndMetadata().get();
      var latest = new HashMap<TopicPartition, OffsetSpec>();
      committed.keySet().forEach(partition -> latest.put(partition, OffsetSpec.latest()));
      partitionsOf(group.groupId())
          .forEach(partition -> latest.put(partition, OffsetSpec.latest()));
      var ends = admin.listOffsets(latest).all().get();
      for (var end : ends.entrySet()) {
        var position = committed.get(end.getKey());
        long read = position == null ? 0 : position.offset();
        if (read < end.getValue().offset()) {
          return false;
        }
      }
    }
    return true;
  }

  /** Those that its consumers read, whether they have committed anything or not. */
  private List<TopicPartition> partitionsOf(String group)
      throws InterruptedException, ExecutionException {
    return admin.describeConsumerGroups(List.of(group)).all().get().values().stream()
        .flatMap(described -> described.members().stream())
        .flatMap(member -> member.assignment().topicPartitions().stream())
        .toList();
  }

  private void repeat() {
    consumer.subscribe(TOPICS);
    var held = new ArrayList<ConsumerRecord<String, byte[]>>();
    while (!closed) {
      for (var record : consumer.poll(POLL)) {
        if (record.headers().lastHeader(REPEATED) == null) {
          seen.add(record);
          held.add(record);
        }
      }
      Collections.shuffle(held, random);
      var now = held.subList(0, held.size() / 2);
      now.forEach(record -> send(record, random.nextBoolean()));
      now.clear();
    }
    consumer.close();
  }

  private void send(ConsumerRecord<String, byte[]> record, boolean newId) {
    var repeated =
        new ProducerRecord<>(
            record.topic(), record.partition(), record.key(), record.value(), record.headers());
    if (newId) {
      repeated.headers().remove(ID);
      repeated
          .headers()
          .add(new RecordHeader(ID, UUID.randomUUID().toString().getBytes(StandardCharsets.UTF_8)));
    }
    repeated.headers().add(REPEATED, new byte[0]);
    var _ = producer.send(repeated, (_, failure) -> unsent.compareAndSet(null, failure));
  }

  @Override
  public void close() {
    closed = true;
    try {
      thread.join(Duration.ofSeconds(10));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    producer.close(Duration.ofSeconds(10));
    admin.close(Duration.ofSeconds(10));
  }
}
