package io.holdfast.relay;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/** All SQL of the relay: its own tables, the slot, the publication and the kept outbox rows. */
final class RelayStore {

  private final JdbcClient jdbc;

  RelayStore(DataSource dataSource) {
    this.jdbc = JdbcClient.create(dataSource);
  }

  private static final String TRY_LEAD =
      """
      select pg_try_advisory_lock(hashtextextended('holdfast relay ' || ?, 0))
      """;

  /** Takes the lock of this database's relays for the session, if it is free. */
  boolean tryLead(String slot) {
    return jdbc.sql(TRY_LEAD).param(slot).query(Boolean.class).single();
  }

  private static final String TOUCH =
      """
      select 1
      """;

  /** Tells PostgreSQL that this session is alive. */
  void touch() {
    jdbc.sql(TOUCH).query(Integer.class).single();
  }

  private static final String SETTINGS =
      """
      select name, current_setting(name) as value
      from pg_settings
      where name = any (?)
      """;

  Map<String, String> settings(Set<String> names) {
    var values = new HashMap<String, String>();
    jdbc.sql(SETTINGS)
        .param(names.toArray(String[]::new))
        .query(
            row -> {
              values.put(row.getString("name"), row.getString("value"));
            });
    return values;
  }

  private static final String SYSTEM_IDENTIFIER =
      """
      select system_identifier::text from pg_control_system()
      """;

  String systemIdentifier() {
    return jdbc.sql(SYSTEM_IDENTIFIER).query(String.class).single();
  }

  private static final String PUBLICATION =
      """
      select pubinsert and not pubupdate and not pubdelete and not pubtruncate and pubviaroot
      from pg_publication
      where pubname = ?
      """;

  /** Whether the publication is as the relay needs it; empty if there is none. */
  Optional<Boolean> publicationFits(String publication) {
    return jdbc.sql(PUBLICATION).param(publication).query(Boolean.class).optional();
  }

  private static final String OUTBOXES =
      """
      select format('%I.%I', schemaname, tablename)
      from pg_publication_tables
      where pubname = ?
        and not (schemaname = 'relay' and tablename = 'relay_heartbeat')
      order by 1
      """;

  /** Every published outbox, quoted for use in SQL. */
  List<String> outboxes(String publication) {
    return jdbc.sql(OUTBOXES).param(publication).query((row, n) -> row.getString(1)).list();
  }

  private static final String SLOT =
      """
      select database, plugin, active_pid, coalesce(wal_status, 'lost') as wal_status,
             invalidation_reason, confirmed_flush_lsn::text as confirmed,
             coalesce(pg_current_wal_lsn() - confirmed_flush_lsn, 0)::bigint as lag,
             coalesce(pg_current_wal_lsn() - restart_lsn, 0)::bigint as retained
      from pg_replication_slots
      where slot_name = ?
      """;

  Optional<SlotStatus> slot(String slot) {
    return jdbc.sql(SLOT)
        .param(slot)
        .query(
            (row, n) ->
                new SlotStatus(
                    String.valueOf(row.getString("database")),
                    String.valueOf(row.getString("plugin")),
                    row.getObject("active_pid", Integer.class),
                    row.getString("wal_status"),
                    row.getString("invalidation_reason"),
                    lsn(row.getString("confirmed")),
                    row.getLong("lag"),
                    row.getLong("retained")))
        .optional();
  }

  private static @Nullable Lsn lsn(@Nullable String text) {
    return text == null ? null : Lsn.parse(text);
  }

  private static final String RECORDED =
      """
      select system_identifier, generation, acknowledged_lsn::text as acknowledged, republished
      from relay.slot
      where slot_name = ?
      """;

  Optional<SlotRecord> recorded(String slot) {
    return jdbc.sql(RECORDED)
        .param(slot)
        .query(
            (row, n) ->
                new SlotRecord(
                    row.getString("system_identifier"),
                    row.getInt("generation"),
                    lsn(row.getString("acknowledged")),
                    row.getBoolean("republished")))
        .optional();
  }

  private static final String BEGIN_GENERATION =
      """
      insert into relay.slot as s (slot_name, system_identifier, generation)
      values (?, ?, 1)
      on conflict (slot_name) do update
      set system_identifier = excluded.system_identifier,
          generation = s.generation + 1,
          created_at = now(),
          acknowledged_lsn = null,
          republished = false
      returning generation
      """;

  /** From here until {@link #endGeneration} a relay that starts repeats the republishing. */
  int beginGeneration(String slot, String systemIdentifier) {
    return jdbc.sql(BEGIN_GENERATION).params(slot, systemIdentifier).query(Integer.class).single();
  }

  private static final String DROP_SLOT =
      """
      select pg_drop_replication_slot(slot_name) from pg_replication_slots where slot_name = ?
      """;

  void dropSlot(String slot) {
    jdbc.sql(DROP_SLOT).param(slot).query().listOfRows();
  }

  private static final String CREATE_SLOT =
      """
      select lsn::text from pg_create_logical_replication_slot(?, 'pgoutput')
      """;

  /** Waits for transactions in progress; afterwards all older ones are visible to SQL. */
  Lsn createSlot(String slot) {
    return Lsn.parse(jdbc.sql(CREATE_SLOT).param(slot).query(String.class).single());
  }

  private static final String SLOT_CREATED =
      """
      update relay.slot set acknowledged_lsn = ?::pg_lsn where slot_name = ?
      """;

  void slotCreated(String slot, Lsn position) {
    jdbc.sql(SLOT_CREATED).params(position.toString(), slot).update();
  }

  private static final String END_GENERATION =
      """
      update relay.slot set republished = true where slot_name = ?
      """;

  void endGeneration(String slot) {
    jdbc.sql(END_GENERATION).param(slot).update();
  }

  private static final String ACKNOWLEDGE =
      """
      update relay.slot
      set acknowledged_lsn = greatest(acknowledged_lsn, ?::pg_lsn)
      where slot_name = ? and republished
      """;

  /**
   * Writes down that Kafka has everything up to here. Must return before the slot may move.
   *
   * @throws IllegalStateException if the slot's record is gone or is being replaced
   */
  void acknowledge(String slot, Lsn position) {
    int rows = jdbc.sql(ACKNOWLEDGE).params(position.toString(), slot).update();
    if (rows != 1) {
      throw new IllegalStateException("relay.slot has no usable row for slot " + slot);
    }
  }

  private static final String END_STREAM =
      """
      select pg_terminate_backend(active_pid)
      from pg_replication_slots
      where slot_name = ? and active_pid = ?
      """;

  /** Cuts a stream that its own engine can't be brought to close. */
  void endStream(String slot, int pid) {
    jdbc.sql(END_STREAM).params(slot, pid).query().listOfRows();
  }

  private static final String PARKED =
      """
      select row_id, message_index from relay.parked
      """;

  Set<MessageRef> parked() {
    return new HashSet<>(
        jdbc.sql(PARKED)
            .query(
                (row, n) ->
                    new MessageRef(
                        row.getObject("row_id", UUID.class), row.getInt("message_index")))
            .list());
  }

  private static final String PARK =
      """
      insert into relay.parked (row_id, message_index, outbox, reason)
      values (?, ?, ?, ?)
      on conflict do nothing
      """;

  void park(MessageRef message, String outbox, String reason) {
    jdbc.sql(PARK).params(message.rowId(), message.index(), outbox, reason).update();
  }

  // The table's name can't be a parameter; it comes quoted from the catalogue. Sizes are summed in
  // the server so that a page holds some megabytes, whatever the rows are.
  private static final String KEPT_ROWS =
      """
      select id, payload
      from (select id, payload, sum(octet_length(payload)) over (order by id) as bytes
            from (select id, payload from {outbox} where id > ? order by id limit 1000) page) sized
      where bytes - octet_length(payload) < 16000000
      order by id
      """;

  /** The next rows of an outbox after an id, in order; empty at its end. */
  List<OutboxRow> keptRows(String outbox, UUID after) {
    return jdbc.sql(KEPT_ROWS.replace("{outbox}", outbox))
        .param(after)
        .query(
            (row, n) ->
                new OutboxRow(outbox, row.getObject("id", UUID.class), row.getBytes("payload")))
        .list();
  }
}
