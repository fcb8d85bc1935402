package io.holdfast.relay;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.management.OperatingSystemMXBean;
import io.debezium.connector.postgresql.PostgresConnector;
import io.debezium.embedded.Connect;
import io.debezium.engine.DebeziumEngine;
import io.debezium.engine.RecordChangeEvent;
import io.debezium.engine.format.ChangeEventFormat;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.source.SourceRecord;

/**
 * Measures what an idle relay costs and how long a row takes from its insert to Kafka's
 * acknowledgement. Run with "relay" for the module's own task, or with "debezium" for Debezium's
 * own queue at the same settings. Not part of the test run.
 */
final class IdleCostBench {

  private static final int ROWS_PER_SECOND = 50;
  private static final Duration IDLE = Duration.ofSeconds(20);
  private static final Duration LOADED = Duration.ofSeconds(20);

  private IdleCostBench() {}

  public static void main(String[] arguments) throws Exception {
    String mode = arguments[0];
    String topic = "bench";
    try (var kafka = new TestKafka();
        var postgres = new TestPostgres()) {
      kafka.createTopic(topic);
      var settings = postgres.relaySettings(kafka.bootstrap());
      AutoCloseable running = null;
      double baseline = cpuPercent(IDLE);
      try (var relay = new OutboxRelay(settings, new SimpleMeterRegistry())) {
        relay.start();
        while (relay.state().role() != RelayState.Role.LEADER) {
          LockSupport.parkNanos(50_000_000);
        }
        if (mode.equals("debezium")) {
          relay.stop();
          running = plainDebezium(settings);
        }
        load(postgres, kafka, topic, Duration.ofSeconds(15));
        LockSupport.parkNanos(3_000_000_000L);
        System.out.printf(
            "%s: idle %.1f %% of a core (the servers alone in this JVM %.1f %%)%n",
            mode, cpuPercent(IDLE), baseline);
        for (int run = 0; run < 2; run++) {
          long[] micros = load(postgres, kafka, topic, LOADED);
          Arrays.sort(micros);
          System.out.printf(
              "%s: insert to consumer at %d rows/s, %d rows: p50 %.2f ms, p99 %.2f ms, max %.2f ms%n",
              mode,
              ROWS_PER_SECOND,
              micros.length,
              micros[micros.length / 2] / 1e3,
              micros[micros.length * 99 / 100] / 1e3,
              micros[micros.length - 1] / 1e3);
        }
      }
      if (running != null) {
        running.close();
      }
    }
    System.exit(0);
  }

  private static double cpuPercent(Duration time) {
    var system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    long cpu = system.getProcessCpuTime();
    long began = System.nanoTime();
    LockSupport.parkNanos(time.toNanos());
    while (System.nanoTime() - began < time.toNanos()) {
      LockSupport.parkNanos(1_000_000);
    }
    return 100.0 * (system.getProcessCpuTime() - cpu) / (System.nanoTime() - began);
  }

  private static AutoCloseable plainDebezium(RelaySettings settings) {
    var link = new EngineLink(new Lsn(-1L), position -> {});
    var properties = OutboxEngine.configuration(settings, link.id());
    properties.put("connector.class", PostgresConnector.class.getName());
    properties.put("queue.provider.type", "memory");
    properties.put("max.queue.size", "16384");
    var publisher =
        new RowPublisher(settings.producer(), Set.of(), new RelayMetrics(new SimpleMeterRegistry()));
    DebeziumEngine<RecordChangeEvent<SourceRecord>> engine =
        DebeziumEngine.create(ChangeEventFormat.of(Connect.class))
            .using(properties)
            .notifying(
                (records, committer) -> {
                  for (var event : records) {
                    if (event.record().value() instanceof Struct value
                        && value.schema().field("after") != null
                        && value.getStruct("after").schema().field("payload") != null) {
                      Struct after = value.getStruct("after");
                      ByteBuffer payload = (ByteBuffer) after.get("payload");
                      var bytes = new byte[payload.remaining()];
                      payload.get(bytes);
                      publisher.send(
                          new OutboxRow("o", UUID.fromString(after.getString("id")), bytes));
                    }
                  }
                  publisher.awaitAll();
                  committer.markProcessed(records.getLast());
                  committer.markBatchFinished();
                })
            .build();
    Thread.ofPlatform().daemon().start(engine);
    return engine;
  }

  private static long[] load(
      TestPostgres postgres, TestKafka kafka, String topic, Duration duration) throws Exception {
    var sent = new ConcurrentHashMap<String, Long>();
    int rows = (int) (duration.toSeconds() * ROWS_PER_SECOND);
    var latencies = new long[rows];
    var reader =
        Thread.ofPlatform()
            .start(
                () -> {
                  int seen = 0;
                  try (var consumer =
                      new KafkaConsumer<>(
                          Map.of(
                              "bootstrap.servers", kafka.bootstrap(),
                              "group.id", UUID.randomUUID().toString(),
                              "auto.offset.reset", "earliest"),
                          new ByteArrayDeserializer(),
                          new ByteArrayDeserializer())) {
                    consumer.subscribe(List.of(topic));
                    while (seen < rows) {
                      for (var record : consumer.poll(Duration.ofMillis(100))) {
                        Long began = sent.remove(new String(record.value(), UTF_8));
                        if (began != null) {
                          latencies[seen++] = (System.nanoTime() - began) / 1_000;
                        }
                      }
                    }
                  }
                });
    LockSupport.parkNanos(2_000_000_000L);
    try (var connection = postgres.connect()) {
      long next = System.nanoTime();
      for (int i = 0; i < rows; i++) {
        next += 1_000_000_000L / ROWS_PER_SECOND;
        while (System.nanoTime() < next) {
          LockSupport.parkNanos(next - System.nanoTime());
        }
        String body = UUID.randomUUID().toString();
        sent.put(body, System.nanoTime());
        Outboxes.append(connection, "orders", List.of(Outboxes.message(topic, body)));
      }
    }
    reader.join();
    return latencies;
  }
}
