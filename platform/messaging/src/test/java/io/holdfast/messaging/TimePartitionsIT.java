package io.holdfast.messaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.dao.DataIntegrityViolationException;

class TimePartitionsIT extends RunningMessaging {

  private static final Duration RETENTION = Duration.ofDays(3);

  private final LocalDate today = LocalDate.now(ZoneOffset.UTC);

  @ParameterizedTest
  @ValueSource(strings = {"outbox", "inbox"})
  @Tag("F38")
  void theDaysFromYesterdayToNextWeekAreThereBeforeAnythingRuns(String table) {
    assertThat(partitions(table))
        .containsAll(
            IntStream.rangeClosed(-1, 7).mapToObj(n -> name(table, today.plusDays(n))).toList());
  }

  @Test
  @Tag("F38")
  void anOutboxRowOfADayWithoutPartitionIsKeptAndSentOnce() {
    var day = today.plusDays(400);
    asSuperuser(database(), "select pg_create_logical_replication_slot('moved', 'pgoutput')");
    try {
      var id = insertOutboxRow(day);
      assertThat(whereIs("outbox", "id", id)).isEqualTo("outbox_other");

      createPartition("outbox", day);

      assertThat(whereIs("outbox", "id", id)).isEqualTo(name("outbox", day));
      assertThat(insertsInSlot()).isEqualTo(1);
    } finally {
      asSuperuser(database(), "select pg_drop_replication_slot('moved')");
    }
  }

  @Test
  @Tag("F24")
  void aMessageOfADayWithoutPartitionIsRememberedWhenThePartitionIsMade() {
    var day = today.plusDays(401);
    var message = ofDay(day);
    var store = storing();
    store.onMessage(poll(List.of(message)));

    createPartition("inbox", day);
    store.onMessage(poll(List.of(message)));

    assertThat(effects.of(consumer)).hasSize(1);
    assertThat(whereIs("inbox", "message_id", message.id())).isEqualTo(name("inbox", day));
  }

  @Test
  @Tag("F24")
  void aMessageWhoseDayIsLongGoneIsRememberedToo() {
    var message = ofDay(today.minusDays(90));
    var store = storing();

    store.onMessage(poll(List.of(message)));
    store.onMessage(poll(List.of(message)));

    assertThat(effects.of(consumer)).hasSize(1);
  }

  @Test
  @Tag("F38")
  void aNewPartitionIsLikeItsTable() {
    var day = today.plusDays(402);

    createPartition("outbox", day);

    assertThat(
            jdbc.sql(
                    """
                    select attstorage from pg_attribute where attrelid = ?::regclass and attname = 'payload'
                    """)
                .param(name("outbox", day))
                .query(String.class)
                .single())
        .isEqualTo("e");
    assertThatThrownBy(
            () ->
                jdbc.sql("insert into outbox (id, payload) values (?, repeat('x', 8388609)::bytea)")
                    .param(idOf(day))
                    .update())
        .isInstanceOf(DataIntegrityViolationException.class);
  }

  @Test
  @Tag("R-partitions")
  void instancesThatStartTogetherMakeEachPartitionOnce() throws Exception {
    int instances = 6;
    var days = IntStream.range(500, 506).mapToObj(today::plusDays).toList();
    var together = new CyclicBarrier(instances);
    var done = new ArrayList<Future<?>>();

    try (var threads = Executors.newFixedThreadPool(instances)) {
      for (int i = 0; i < instances; i++) {
        done.add(
            threads.submit(
                () -> {
                  for (var day : days) {
                    together.await(20, TimeUnit.SECONDS);
                    createPartition("inbox", day);
                  }
                  return null;
                }));
      }
      for (var instance : done) {
        instance.get(30, TimeUnit.SECONDS);
      }
    }

    assertThat(partitions("inbox"))
        .containsAll(days.stream().map(day -> name("inbox", day)).toList());
  }

  @Test
  @Tag("R-partitions")
  void makingAPartitionWaitsForNoTransaction() {
    var day = today.plusDays(403);

    transactions.executeWithoutResult(
        _ -> {
          insertOutboxRow(today);
          try (var other = Executors.newSingleThreadExecutor()) {
            assertThat(other.submit(() -> createPartition("outbox", day)))
                .succeedsWithin(Duration.ofSeconds(5));
          }
        });
  }

  @Test
  @Tag("F38")
  void daysGoOnceTheirRetentionIsOverAndNotBefore() {
    var kept = today.minusDays(4);
    var over = today.minusDays(5);
    Stream.of(kept, over).forEach(day -> createPartition("kept_row", day));

    new TimePartitions(jdbc, List.of(new PartitionedTable("kept_row", RETENTION))).maintain();

    assertThat(partitions("kept_row"))
        .contains(name("kept_row", kept), name("kept_row", today.plusDays(7)))
        .doesNotContain(name("kept_row", over));
  }

  @Test
  @Tag("F38")
  void anOutboxPartitionGoesOnlyOnceTheRelayHasPassedIt() {
    var day = today.minusDays(30);
    var outbox = new TimePartitions(jdbc, List.of(new PartitionedTable("outbox", RETENTION)));
    createPartition("outbox", day);
    insertOutboxRow(day);
    asSuperuser(
        database(),
        "create table relay.slot (slot_name text, acknowledged_lsn pg_lsn, republished boolean)",
        "select pg_create_logical_replication_slot('passing', 'pgoutput')");
    try {
      var unsent = insertOutboxRow(day);

      // No relay has ever run.
      outbox.maintain();
      outbox.maintain();
      assertThat(whereIs("outbox", "id", unsent)).isEqualTo(name("outbox", day));

      flush();

      // A slot was replaced; it is ahead of rows that are still being published again.
      asSuperuser(
          database(),
          "select pg_replication_slot_advance('passing', pg_current_wal_lsn())",
          "insert into relay.slot values ('passing', pg_current_wal_lsn(), false)");
      outbox.maintain();
      assertThat(partitions("outbox")).contains(name("outbox", day));

      // The relay runs, and Kafka has not yet all of it.
      asSuperuser(database(), "update relay.slot set republished = true, acknowledged_lsn = '0/1'");
      outbox.maintain();
      assertThat(partitions("outbox")).contains(name("outbox", day));

      asSuperuser(database(), "update relay.slot set acknowledged_lsn = pg_current_wal_lsn()");
      outbox.maintain();
      assertThat(partitions("outbox")).doesNotContain(name("outbox", day));
    } finally {
      asSuperuser(
          database(), "drop table relay.slot", "select pg_drop_replication_slot('passing')");
    }
  }

  @Test
  @Tag("F38")
  void noRowSlipsIntoAPartitionThatWaitsToGo() {
    var day = today.minusDays(31);
    createPartition("outbox", day);
    new TimePartitions(jdbc, List.of(new PartitionedTable("outbox", RETENTION))).maintain();

    assertThatThrownBy(() -> insertOutboxRow(day))
        .isInstanceOf(DataIntegrityViolationException.class)
        .hasMessageContaining("\"closed\"");
  }

  /** The servers of tests flush late, and a slot knows only what is flushed. */
  private void flush() {
    asSuperuser(
        database(),
        "set synchronous_commit = on",
        "select pg_logical_emit_message(true, 'test', 'flush')");
  }

  private static Envelope ofDay(LocalDate day) {
    var message = message(newSaga(), 1);
    return new Envelope(
        idOf(day),
        message.type(),
        message.source(),
        message.sagaId(),
        null,
        null,
        0,
        null,
        message.trace(),
        message.body());
  }

  private static UUID idOf(LocalDate day) {
    var lowest = UuidV7.lowestAt(day.atTime(12, 0).toInstant(ZoneOffset.UTC));
    return new UUID(
        lowest.getMostSignificantBits(),
        lowest.getLeastSignificantBits() | UUID.randomUUID().getLeastSignificantBits());
  }

  private static String name(String table, LocalDate day) {
    return table + "_" + day.toString().replace("-", "");
  }

  private UUID insertOutboxRow(LocalDate day) {
    var id = idOf(day);
    jdbc.sql("insert into outbox (id, payload) values (?, ?)")
        .params(id, PackedMessages.pack(Collections.emptyList()))
        .update();
    return id;
  }

  private void createPartition(String table, LocalDate day) {
    jdbc.sql("select create_day_partition(?::regclass, ?)")
        .params(table, day)
        .query(String.class)
        .single();
  }

  private String whereIs(String table, String key, UUID id) {
    return jdbc.sql("select tableoid::regclass::text from %s where %s = ?".formatted(table, key))
        .param(id)
        .query(String.class)
        .single();
  }

  private static final String PARTITIONS =
      """
      select inhrelid::regclass::text from pg_inherits where inhparent = ?::regclass
      """;

  private List<String> partitions(String table) {
    return jdbc.sql(PARTITIONS).param(table).query((row, _) -> row.getString(1)).list();
  }

  /** In the protocol of pgoutput an inserted row is a message that begins with an I. */
  private static final String INSERTS =
      """
      select count(*)
      from pg_logical_slot_peek_binary_changes('moved', null, null, 'proto_version', '1', 'publication_names', 'holdfast_outbox')
      where get_byte(data, 0) = ascii('I')
      """;

  private int insertsInSlot() {
    flush();
    return superuserNumber(database(), INSERTS);
  }
}
