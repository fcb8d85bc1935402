package io.holdfast.messaging;

import io.holdfast.contracts.SagaId;
import io.holdfast.messaging.EffectStore.Counted;
import io.holdfast.testing.HoldfastTest;
import io.holdfast.testing.TestServers;
import io.micrometer.core.instrument.MeterRegistry;
import java.nio.charset.StandardCharsets;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.DataClassRowMapper;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Messaging in a service that only counts. All suites share its context; consumers are their own.
 */
@HoldfastTest("spring.config.name=messaging-test")
abstract class RunningMessaging {

  static final Duration LONGEST_WAIT = Duration.ofSeconds(30);
  static final String COUNTED_TYPE = "test.counted.v1";

  /** Of this test only. */
  final String consumer = "consumer-" + UuidV7.next();

  private final AtomicLong offset = new AtomicLong();

  @Autowired JdbcClient jdbc;
  @Autowired TransactionTemplate transactions;
  @Autowired EffectStore effects;
  @Autowired MeterRegistry metrics;

  static SagaId newSaga() {
    return new SagaId(UuidV7.next());
  }

  static Envelope message(SagaId saga, int number) {
    return message(saga, COUNTED_TYPE, Json.bytes(new Counted(number)));
  }

  static Envelope message(SagaId saga, String type, byte[] body) {
    return Envelope.first("test", type, saga, TraceParent.random(), body);
  }

  /** Messages of one saga with the numbers from 0. */
  static List<Envelope> messages(int count) {
    var saga = newSaga();
    return IntStream.range(0, count).mapToObj(number -> message(saga, number)).toList();
  }

  static List<Integer> numbers(int count) {
    return IntStream.range(0, count).boxed().toList();
  }

  /** A consumer of this test's name. */
  BatchConsumer consumerOf(BatchHandler handler) {
    return new BatchConsumer(
        new Subscription(consumer, List.of(), List.of(), handler),
        new Inbox(jdbc),
        new ParkedMessageStore(jdbc),
        transactions,
        metrics);
  }

  BatchConsumer storing() {
    return consumerOf(batch -> effects.store(consumer, batch));
  }

  /** The records of one poll. */
  List<ConsumerRecord<String, byte[]>> poll(List<Envelope> batch) {
    return batch.stream().map(message -> record(EnvelopeCodec.encode("test", message))).toList();
  }

  ConsumerRecord<String, byte[]> record(OutboxMessage message) {
    var record =
        new ConsumerRecord<>(
            message.topic(), 0, offset.getAndIncrement(), message.key(), message.body());
    for (var header : message.headers()) {
      record.headers().add(header.name(), header.value().getBytes(StandardCharsets.UTF_8));
    }
    return record;
  }

  /** A message that was parked. */
  record Parked(String topic, int partition, long logOffset, String messageKey, String reason) {}

  private static final String PARKED =
      """
      select topic, partition, log_offset, message_key, reason from parked_message
      where consumer = ?
      order by topic, partition, log_offset
      """;

  List<Parked> parked() {
    return jdbc.sql(PARKED).param(consumer).query(new DataClassRowMapper<>(Parked.class)).list();
  }

  static void awaitLatch(CountDownLatch latch) {
    try {
      if (!latch.await(LONGEST_WAIT.toSeconds(), TimeUnit.SECONDS)) {
        throw new IllegalStateException("the test never went on");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private static final String DATABASE =
      """
      select current_database()
      """;

  String database() {
    return jdbc.sql(DATABASE).query(String.class).single();
  }

  /** As a server that goes down does to whoever is connected. */
  void cutConnections() {
    asSuperuser(
        "postgres",
        "select pg_terminate_backend(pid) from pg_stat_activity where datname = '%s'"
            .formatted(database()));
  }

  /** Runs statements as the superuser. */
  static void asSuperuser(String database, String... statements) {
    var server = TestServers.postgres();
    try (var connection =
            DriverManager.getConnection(
                server.jdbcUrl(database), server.superuser(), server.superuserPassword());
        var statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    } catch (SQLException e) {
      throw new IllegalStateException(String.join("; ", statements), e);
    }
  }

  /** The number that a query of the superuser gives. */
  static int superuserNumber(String database, String query) {
    var server = TestServers.postgres();
    try (var connection =
            DriverManager.getConnection(
                server.jdbcUrl(database), server.superuser(), server.superuserPassword());
        var statement = connection.createStatement();
        var row = statement.executeQuery(query)) {
      row.next();
      return row.getInt(1);
    } catch (SQLException e) {
      throw new IllegalStateException(query, e);
    }
  }
}
