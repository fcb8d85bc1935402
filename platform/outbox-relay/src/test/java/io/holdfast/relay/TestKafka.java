package io.holdfast.relay;

import io.holdfast.testing.KafkaBroker;
import io.holdfast.testing.TestServers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** A real broker that can be away for a while and comes back with its data on the same port. */
final class TestKafka implements AutoCloseable {

  private final KafkaBroker broker = TestServers.startKafka();

  void start() {
    broker.start();
  }

  void stop() {
    broker.stop();
  }

  String bootstrap() {
    return broker.bootstrapServers();
  }

  void createTopic(String name) throws Exception {
    try (var admin = Admin.create(Map.<String, Object>of("bootstrap.servers", bootstrap()))) {
      admin.createTopics(List.of(new NewTopic(name, 1, (short) 1))).all().get(30, TimeUnit.SECONDS);
    }
  }

  /** All records of a topic's only partition so far. */
  List<ConsumerRecord<byte[], byte[]>> read(String topic) {
    Map<String, Object> consumerSettings =
        Map.of("bootstrap.servers", bootstrap(), "auto.offset.reset", "earliest");
    var records = new ArrayList<ConsumerRecord<byte[], byte[]>>();
    try (var consumer =
        new KafkaConsumer<>(
            consumerSettings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      var partition = new TopicPartition(topic, 0);
      consumer.assign(List.of(partition));
      consumer.seekToBeginning(List.of(partition));
      Long end = consumer.endOffsets(List.of(partition), Duration.ofSeconds(10)).get(partition);
      if (end == null) {
        throw new IllegalStateException("Kafka does not know topic " + topic);
      }
      while (consumer.position(partition, Duration.ofSeconds(10)) < end) {
        consumer.poll(Duration.ofMillis(200)).forEach(records::add);
      }
    }
    return records;
  }

  @Override
  public void close() {
    broker.close();
  }
}
