package io.holdfast.relay;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.holdfast.relay.RelayState.Role;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class OutboxRelayIT {

  private static final Duration SOON = Duration.ofSeconds(45);

  private static TestPostgres postgres;
  private static TestKafka kafka;

  private final String topic = "t-" + UUID.randomUUID();
  private final List<OutboxRelay> relays = new ArrayList<>();
  private SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final ListAppender<ILoggingEvent> log = new ListAppender<>();

  @BeforeAll
  static void startServers() {
    kafka = new TestKafka();
    postgres = new TestPostgres();
  }

  @AfterAll
  static void stopServers() {
    kafka.close();
    postgres.close();
  }

  @BeforeEach
  void prepare() throws Exception {
    kafka.createTopic(topic);
    log.start();
    relayLogger().addAppender(log);
  }

  @AfterEach
  void stopRelays() {
    relays.forEach(OutboxRelay::stop);
    relayLogger().detachAppender(log);
  }

  @Test
  @Tag("R-relay")
  void rowsOfOneTransactionArriveInOrderWithKeyHeadersAndBody() throws Exception {
    startLeader();
    var bodies = IntStream.range(0, 50).mapToObj(Integer::toString).toList();

    try (var connection = postgres.connect()) {
      connection.setAutoCommit(false);
      Outboxes.append(connection, "orders", Outboxes.messages(topic, bodies.subList(0, 30)));
      Outboxes.append(connection, "wallet", Outboxes.messages(topic, bodies.subList(30, 50)));
      connection.commit();
    }

    await().atMost(SOON).until(() -> bodies().size() >= 50);
    assertThat(bodies()).containsExactlyElementsOf(bodies);
    ConsumerRecord<byte[], byte[]> third = kafka.read(topic).get(2);
    assertThat(new String(third.key(), UTF_8)).isEqualTo("key-2");
    assertThat(third.headers().toArray())
        .extracting(header -> header.key() + "=" + new String(header.value(), UTF_8))
        .containsExactly("ce_id=2", "ce_type=T");
  }

  @Test
  @Tag("F25")
  void rowsWrittenWhileNoRelayRanArriveAtTheNextStart() {
    startLeader().stop();
    write("orders", "while away");

    startLeader();

    awaitBodies("while away");
    assertThat(errors()).isEmpty();
  }

  @Test
  @Tag("F29")
  void rowsWrittenBeforeTheSlotWasEverMadeArrive() {
    startLeader().stop();
    postgres.execute("select pg_drop_replication_slot('holdfast_relay')");
    postgres.execute("delete from relay.slot");
    write("orders", "before the slot");
    write("wallet", "before the slot, other outbox");

    startLeader();

    awaitBodies("before the slot", "before the slot, other outbox");
    assertThat(errors()).isEmpty();
  }

  @Test
  @Tag("F29")
  void aSlotDroppedWhileNoRelayRanIsReplacedAndKeptRowsAreSentAgain() {
    startLeader().stop();
    write("orders", "in the lost slot");
    postgres.execute("select pg_drop_replication_slot('holdfast_relay')");
    write("wallet", "without a slot");

    startLeader();

    awaitBodies("in the lost slot", "without a slot");
    assertThat(errors()).hasSize(1).first().asString().contains("the slot is gone");
    assertThat(meters.counter("relay.republished").count()).isGreaterThanOrEqualTo(2);
  }

  @Test
  @Tag("F29")
  void aSlotMadeAgainByAStrangerIsFoundOutAndKeptRowsAreSentAgain() {
    startLeader().stop();
    write("orders", "between the slots");
    postgres.execute("select pg_drop_replication_slot('holdfast_relay')");
    postgres.execute("select pg_create_logical_replication_slot('holdfast_relay', 'pgoutput')");

    startLeader();

    awaitBodies("between the slots");
    assertThat(errors()).hasSize(1).first().asString().contains("made again or moved");
  }

  @Test
  @Tag("F29")
  void aSlotMovedForwardByAStrangerIsFoundOut() {
    startLeader().stop();
    write("orders", "stepped over");
    postgres.execute("select pg_replication_slot_advance('holdfast_relay', pg_current_wal_lsn())");

    startLeader();

    awaitBodies("stepped over");
    assertThat(errors()).hasSize(1).first().asString().contains("made again or moved");
  }

  @Test
  @Tag("F29")
  void theEngineItselfRefusesAStreamThatBeginsAfterWhatKafkaHas() {
    startLeader().stop();
    var metrics = new RelayMetrics(meters);

    try (var publisher = new RowPublisher(settings().producer(), Set.of(), metrics);
        var link = new EngineLink(new Lsn(1), position -> {})) {
      var engine = new OutboxEngine(settings(), publisher, link, metrics);
      engine.start();

      await().atMost(SOON).until(() -> engine.failure().isPresent());
      assertThat(engine.failure().orElseThrow())
          .hasStackTraceContaining("the stream would begin at");
    }
  }

  @Test
  @Tag("F30")
  void aSlotThatPostgresGaveUpIsReplacedAndKeptRowsAreSentAgain() {
    startLeader().stop();
    write("orders", "in the given up slot");
    postgres.execute("alter system set max_slot_wal_keep_size = '1MB'");
    postgres.execute("select pg_reload_conf()");
    for (int i = 0; i < 4; i++) {
      postgres.execute("create table filler as select generate_series(1, 1000)");
      postgres.execute("drop table filler");
      postgres.execute("select pg_switch_wal()");
    }
    postgres.execute("checkpoint");
    assertThat(slot("wal_status")).isEqualTo("lost");
    postgres.execute("alter system reset max_slot_wal_keep_size");
    postgres.execute("select pg_reload_conf()");

    startLeader();

    awaitBodies("in the given up slot");
    assertThat(errors()).hasSize(1).first().asString().contains("gave the slot up");
  }

  @Test
  @Tag("F35")
  void rowsFlowOnAfterTheBrokerWasAway() throws Exception {
    startLeader();
    try (var writers = new Writers(postgres, topic, 2)) {
      await().atMost(SOON).until(() -> writers.count() > 100);
      kafka.stop();
      int before = writers.count();
      await().atMost(SOON).until(() -> writers.count() > before + 300);
      kafka.start();
      writers.stop();

      awaitAll(writers);
    }
  }

  @Test
  @Tag("F25")
  void rowsFlowOnAfterPostgresCrashed() throws Exception {
    startLeader();
    try (var writers = new Writers(postgres, topic, 2)) {
      await().atMost(SOON).until(() -> writers.count() > 200);
      postgres.crash();
      postgres.restart();
      int before = writers.count();
      await().atMost(SOON).until(() -> writers.count() > before + 200);
      writers.stop();

      awaitAll(writers);
      assertThat(errors()).isEmpty();
    }
  }

  @Test
  @Tag("F27")
  void cutStreamsUnderInterleavedWritersLoseNothing() throws Exception {
    OutboxRelay relay = startLeader();
    try (var writers = new Writers(postgres, topic, 4)) {
      for (int cut = 0; cut < 3; cut++) {
        int before = writers.count();
        await().atMost(SOON).until(() -> writers.count() > before + 200);
        postgres.execute(
            "select pg_terminate_backend(active_pid) from pg_replication_slots where active");
        await().atMost(SOON).until(() -> relay.state().role() != Role.LEADER);
        await().atMost(SOON).until(() -> relay.state().role() == Role.LEADER);
      }
      writers.stop();

      awaitAll(writers);
      assertThat(errors()).isEmpty();
    }
  }

  @Test
  @Tag("F27")
  @Tag("R-S6")
  void killedRelaysUnderInterleavedWritersLoseNothing() throws Exception {
    try (var writers = new Writers(postgres, topic, 4)) {
      for (int kill = 0; kill < 3; kill++) {
        Process relay = RelayProcess.start(settings());
        try {
          int before = writers.count();
          await().atMost(SOON).until(() -> writers.count() > before + 300);
        } finally {
          relay.destroyForcibly().waitFor();
        }
      }
      writers.stop();
      startLeader();

      awaitAll(writers);
      assertThat(errors()).isEmpty();
    }
  }

  @Test
  @Tag("F31")
  @Tag("R-S6")
  void anotherInstanceTakesOverWithinFiveSecondsWhenTheLeaderIsGone() {
    startLeader();
    OutboxRelay second = start();
    await().atMost(SOON).until(() -> second.state().role() == Role.STANDBY);

    relays.getFirst().stop();
    write("orders", "after the change");

    await().atMost(Duration.ofSeconds(5)).until(() -> second.state().role() == Role.LEADER);
    awaitBodies("after the change");
    assertThat(errors()).isEmpty();
  }

  @Test
  @Tag("F32")
  void aSilentStreamIsReplaced() {
    OutboxRelay relay = startLeader();
    String walSender = slot("active_pid");

    postgres.signal("STOP", walSender);
    try {
      await()
          .atMost(SOON)
          .until(
              () ->
                  log.list.stream()
                      .anyMatch(line -> line.getFormattedMessage().contains("was silent")));
    } finally {
      postgres.signal("CONT", walSender);
    }
    write("orders", "after the silence");

    await().atMost(SOON).until(() -> relay.state().role() == Role.LEADER);
    awaitBodies("after the silence");
    assertThat(meters.counter("relay.rebuilds").count()).isPositive();
  }

  @Test
  @Tag("F52")
  void aMessageTooLargeForKafkaIsParkedAndHoldsUpNoOther() throws Exception {
    startLeader();
    UUID row;
    try (var connection = postgres.connect()) {
      row =
          Outboxes.append(
              connection,
              "orders",
              List.of(
                  Outboxes.message(topic, "small"),
                  Outboxes.message(topic, "large", "x".repeat(3_000_000)),
                  Outboxes.message(topic, "neighbour")));
    }
    write("orders", "next");

    awaitBodies("small", "neighbour", "next");
    assertThat(
            postgres.value(
                "select message_index || reason from relay.parked where row_id = '%s'"
                    .formatted(row)))
        .startsWith("1it is too large");
    assertThat(errors()).hasSize(1).first().asString().contains(row.toString());
  }

  @Test
  @Tag("F52")
  void aRowThatCannotBeReadIsParkedAndHoldsUpNoOther() throws Exception {
    startLeader();
    UUID row;
    try (var connection = postgres.connect()) {
      row = Outboxes.append(connection, "orders", "no messages".getBytes(UTF_8));
    }
    write("orders", "next");

    awaitBodies("next");
    assertThat(
            postgres.value(
                "select message_index from relay.parked where row_id = '%s'".formatted(row)))
        .isEqualTo("-1");
  }

  @Test
  @Tag("F38")
  void aServiceLearnsHowFarKafkaHasItsRows() {
    startLeader().stop();
    write("orders", "kept until it is sent");
    String written = postgres.value("select pg_current_wal_insert_lsn()");
    assertThat(relayedPast(written)).isEqualTo("f");

    startLeader();
    awaitBodies("kept until it is sent");
    await().atMost(SOON).until(() -> relayedPast(written).equals("t"));

    relays.getLast().stop();
    postgres.execute("select pg_drop_replication_slot('holdfast_relay')");
    assertThat(relayedPast(written)).as("nothing is known without a slot").isEqualTo("null");

    startLeader();
    await().atMost(SOON).until(() -> relayedPast(written).equals("t"));
  }

  /** What the service would be told. */
  private static String relayedPast(String position) {
    try (var connection = postgres.connect();
        var statement = connection.createStatement()) {
      statement.execute("set role orders");
      try (var row =
          statement.executeQuery("select holdfast.relayed_up_to() >= '%s'".formatted(position))) {
        row.next();
        return String.valueOf(row.getString(1));
      }
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  @Tag("F31")
  void refusesAServerWhoseSettingsCouldLoseRows() {
    postgres.execute("alter system set wal_sender_timeout = '60s'");
    postgres.execute("select pg_reload_conf()");
    try {
      await().until(() -> postgres.value("show wal_sender_timeout").equals("1min"));

      assertThatThrownBy(this::start)
          .isInstanceOf(RelayRefusedException.class)
          .hasMessageContaining(
              "wal_sender_timeout is 1min, but the relay needs more than 0 and at most 10s");
    } finally {
      postgres.execute("alter system reset wal_sender_timeout");
      postgres.execute("select pg_reload_conf()");
      await().until(() -> postgres.value("show wal_sender_timeout").equals("10s"));
    }
  }

  // -- steps

  private OutboxRelay start() {
    meters = new SimpleMeterRegistry();
    var relay = new OutboxRelay(settings(), meters);
    relay.start();
    relays.add(relay);
    return relay;
  }

  private OutboxRelay startLeader() {
    OutboxRelay relay = start();
    await().atMost(SOON).until(() -> relay.state().role() == Role.LEADER);
    return relay;
  }

  private static RelaySettings settings() {
    return postgres.relaySettings(kafka.bootstrap());
  }

  private void write(String schema, String body) {
    try (var connection = postgres.connect()) {
      Outboxes.append(connection, schema, List.of(Outboxes.message(topic, body)));
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String slot(String column) {
    return postgres.value(
        "select %s from pg_replication_slots where slot_name = 'holdfast_relay'".formatted(column));
  }

  private void awaitBodies(String... bodies) {
    await().atMost(SOON).untilAsserted(() -> assertThat(bodies()).contains(bodies));
  }

  private void awaitAll(Writers writers) throws SQLException {
    Set<String> committed = writers.committed();
    assertThat(committed).hasSizeGreaterThanOrEqualTo(writers.count());
    var arrived = new HashSet<String>();
    await()
        .atMost(SOON)
        .until(
            () -> {
              arrived.addAll(bodies());
              return arrived.containsAll(committed);
            });
    assertThat(arrived).isEqualTo(committed);
  }

  private List<String> bodies() {
    return kafka.read(topic).stream().map(record -> new String(record.value(), UTF_8)).toList();
  }

  private List<String> errors() {
    return log.list.stream()
        .filter(line -> line.getLevel() == Level.ERROR)
        .map(ILoggingEvent::getFormattedMessage)
        .toList();
  }

  private static Logger relayLogger() {
    return (Logger) LoggerFactory.getLogger(OutboxRelay.class);
  }
}
