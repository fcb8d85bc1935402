package io.holdfast.orchestrator.engine;

import static io.holdfast.messaging.SqlArrays.booleans;
import static io.holdfast.messaging.SqlArrays.ints;
import static io.holdfast.messaging.SqlArrays.longs;
import static io.holdfast.messaging.SqlArrays.texts;
import static io.holdfast.messaging.SqlArrays.uuids;

import io.holdfast.contracts.Reason;
import io.holdfast.contracts.SagaId;
import io.holdfast.messaging.Json;
import io.holdfast.messaging.RedoBatch;
import io.holdfast.messaging.SqlArrays;
import io.holdfast.messaging.TraceParent;
import io.holdfast.orchestrator.engine.SagaBatch.HistoryEntry;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.SqlValue;
import tools.jackson.databind.node.ObjectNode;

/**
 * All writes to {@code saga} and {@code saga_history}: four statements per batch, whatever its
 * size, two of them only where sagas begin or change. Every due time is computed by the database's
 * clock.
 */
final class SagaStore {

  private final JdbcClient jdbc;
  private final SagaDefinitions definitions;
  private final EngineProperties properties;

  SagaStore(JdbcClient jdbc, SagaDefinitions definitions, EngineProperties properties) {
    this.jdbc = jdbc;
    this.definitions = definitions;
    this.properties = properties;
  }

  private static final String LOAD =
      """
      select id, definition, definition_version, state, stage, open_steps, held_steps, reason_code,
        reason_detail, attempt, version, attention, input, answers, trace, false as deadline_passed
      from saga
      where id = any (?)
      order by id
      for update
      """;

  List<RunningSaga> load(Collection<SagaId> ids) {
    var values = ids.stream().map(SagaId::value).sorted().distinct().toList();
    return jdbc.sql(LOAD).param(SqlArrays.uuids(values)).query((row, _) -> read(row)).list();
  }

  private static final String CLAIM_DUE =
      """
      select id, definition, definition_version, state, stage, open_steps, held_steps, reason_code,
        reason_detail, attempt, version, attention, input, answers, trace,
        deadline_at <= now() as deadline_passed,
        extract(epoch from now() - next_action_at) as late_seconds
      from saga
      where next_action_at <= now() and definition || ' ' || definition_version = any (?)
      order by next_action_at
      limit ?
      for update skip locked
      """;

  /**
   * A saga whose time has come. One whose definition is not deployed here is left to an instance
   * that has it, and never stands in the way of the others.
   *
   * @param lateSeconds how long ago it came
   */
  record DueSaga(RunningSaga saga, boolean deadlinePassed, double lateSeconds) {}

  List<DueSaga> claimDue() {
    return jdbc.sql(CLAIM_DUE)
        .param(deployed())
        .param(properties.timerBatch())
        .query(
            (row, _) ->
                new DueSaga(
                    read(row), row.getBoolean("deadline_passed"), row.getDouble("late_seconds")))
        .list();
  }

  private static final String NEXT_DUE =
      """
      select coalesce(ceil(extract(epoch from min(next_action_at) - clock_timestamp()) * 1000), ?)
      from saga
      where next_action_at is not null and definition || ' ' || definition_version = any (?)
      """;

  /** How long until the next saga is due. */
  Duration nextDue(Duration ifNone) {
    return Duration.ofMillis(
        jdbc.sql(NEXT_DUE).param(ifNone.toMillis()).param(deployed()).query(Long.class).single());
  }

  private static final String STRANDED =
      """
      select definition || ' ' || definition_version as needs, count(*) as sagas
      from saga
      where next_action_at is not null and definition || ' ' || definition_version <> all (?)
      group by needs
      order by needs
      """;

  /**
   * Sagas that have not ended and that no instance like this one can act for.
   *
   * @param needs name and version of the definition that they need
   */
  record Stranded(String needs, long sagas) {}

  List<Stranded> stranded() {
    return jdbc.sql(STRANDED)
        .param(deployed())
        .query((row, _) -> new Stranded(row.getString("needs"), row.getLong("sagas")))
        .list();
  }

  private static final String COUNT_FIRST_TRIES =
      """
      select count(*) from (
        select from saga
        where next_action_at is not null and state = 'TRYING' and attempt = 1
        limit ?) as first_try
      """;

  /** Sagas whose first tries wait for an answer, counted no further than {@code most}. */
  int countFirstTries(int most) {
    return jdbc.sql(COUNT_FIRST_TRIES).param(most).query(Integer.class).single();
  }

  private SqlValue deployed() {
    return texts(List.copyOf(definitions.deployed()), name -> name);
  }

  private static final String INSERT =
      """
      insert into saga (id, definition, definition_version, state, stage, open_steps, held_steps,
        reason_code, reason_detail, attempt, version, attention, input, answers, trace,
        deadline_at, ended_at, next_action_at)
      select id, definition, definition_version, state, stage, open_steps, held_steps,
        reason_code, reason_detail, attempt, version, attention, input::json, answers::json, trace,
        now() + deadline_ms * interval '1 ms',
        case when terminal then now() end,
        case when not terminal then now() + least(wait_ms, deadline_ms) * interval '1 ms' end
      from unnest(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        as s (id, definition, definition_version, state, stage, open_steps, held_steps,
          reason_code, reason_detail, attempt, version, attention, input, answers, trace,
          deadline_ms, terminal, wait_ms)
      order by id
      """;

  /**
   * @throws org.springframework.dao.DuplicateKeyException if one was begun by another instance in
   *     the meantime
   */
  void insert(List<RunningSaga> sagas) {
    if (sagas.isEmpty()) {
      return;
    }
    jdbc.sql(INSERT)
        .param(uuids(sagas, saga -> saga.id().value()))
        .param(texts(sagas, saga -> saga.definition().name()))
        .param(ints(sagas, saga -> saga.definition().version()))
        .param(texts(sagas, saga -> columns(saga).name().name()))
        .param(ints(sagas, saga -> columns(saga).stage()))
        .param(longs(sagas, saga -> columns(saga).open()))
        .param(longs(sagas, saga -> columns(saga).held()))
        .param(texts(sagas, saga -> reasonCode(saga)))
        .param(texts(sagas, saga -> reasonDetail(saga)))
        .param(ints(sagas, RunningSaga::attempt))
        .param(longs(sagas, RunningSaga::version))
        .param(texts(sagas, RunningSaga::attention))
        .param(texts(sagas, RunningSaga::input))
        .param(texts(sagas, saga -> saga.answers().toString()))
        .param(texts(sagas, saga -> saga.trace().value()))
        .param(longs(sagas, saga -> saga.limit().toMillis()))
        .param(booleans(sagas, saga -> saga.state().isTerminal()))
        .param(longs(sagas, this::waitMillis))
        .update();
  }

  /**
   * The decision's compare-and-set: a row whose version is not the one that was decided on is not
   * written. The next look may come earlier than needed, but never later: unless the timer has just
   * fired, an earlier due time stays, which also spares the index. A limit is given where the time
   * that the saga has begins anew; nobody is asked again while it only awaits.
   */
  private static final String UPDATE =
      """
      update saga set
        state = s.state, stage = s.stage, open_steps = s.open_steps, held_steps = s.held_steps,
        reason_code = s.reason_code, reason_detail = s.reason_detail, attempt = s.attempt,
        version = s.version, attention = s.attention, answers = s.answers::json,
        ended_at = case when s.terminal then coalesce(ended_at, now()) end,
        deadline_at = coalesce(now() + s.limit_ms * interval '1 ms', deadline_at),
        next_action_at = case
          when s.terminal then null
          when s.timer_fired then
            least(
              case when s.state in ('TRYING', 'AWAITING')
                then coalesce(now() + s.limit_ms * interval '1 ms', deadline_at) end,
              now() + s.wait_ms * interval '1 ms')
          else least(next_action_at, now() + s.limit_ms * interval '1 ms',
            now() + s.wait_ms * interval '1 ms') end
      from unnest(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        as s (id, stored_version, state, stage, open_steps, held_steps, reason_code, reason_detail,
          attempt, version, attention, answers, terminal, timer_fired, wait_ms, limit_ms)
      where saga.id = s.id and saga.version = s.stored_version
      """;

  void update(SagaBatch batch) {
    var sagas = batch.updated();
    if (sagas.isEmpty()) {
      return;
    }
    int updated =
        jdbc.sql(UPDATE)
            .param(uuids(sagas, saga -> saga.id().value()))
            .param(longs(sagas, batch::storedVersion))
            .param(texts(sagas, saga -> columns(saga).name().name()))
            .param(ints(sagas, saga -> columns(saga).stage()))
            .param(longs(sagas, saga -> columns(saga).open()))
            .param(longs(sagas, saga -> columns(saga).held()))
            .param(texts(sagas, saga -> reasonCode(saga)))
            .param(texts(sagas, saga -> reasonDetail(saga)))
            .param(ints(sagas, RunningSaga::attempt))
            .param(longs(sagas, RunningSaga::version))
            .param(texts(sagas, RunningSaga::attention))
            .param(texts(sagas, saga -> saga.answers().toString()))
            .param(booleans(sagas, saga -> saga.state().isTerminal()))
            .param(booleans(sagas, batch::timerFired))
            .param(longs(sagas, this::waitMillis))
            .param(
                longs(sagas, saga -> batch.timeBeginsAnew(saga) ? saga.limit().toMillis() : null))
            .update();
    RedoBatch.unlessAll("changed sagas", updated, sagas.size());
  }

  /** Until the open commands are sent again; null: there are none, nobody was asked. */
  private @Nullable Long waitMillis(RunningSaga saga) {
    return saga.awaited().isPresent() ? null : properties.waitAfter(saga.attempt()).toMillis();
  }

  private static final String APPEND_HISTORY =
      """
      insert into saga_history (saga_id, version, event, state)
      select * from unnest(?, ?, ?, ?)
      """;

  void append(List<HistoryEntry> entries) {
    if (entries.isEmpty()) {
      return;
    }
    jdbc.sql(APPEND_HISTORY)
        .param(uuids(entries, entry -> entry.saga().value()))
        .param(longs(entries, HistoryEntry::version))
        .param(texts(entries, HistoryEntry::event))
        .param(texts(entries, entry -> entry.state().name()))
        .update();
  }

  private RunningSaga read(ResultSet row) throws SQLException {
    String reasonCode = row.getString("reason_code");
    var columns =
        new SagaColumns(
            SagaColumns.Name.valueOf(row.getString("state")),
            row.getInt("stage"),
            row.getLong("open_steps"),
            row.getLong("held_steps"),
            reasonCode == null ? null : new Reason(reasonCode, row.getString("reason_detail")));
    return new RunningSaga(
        new SagaId(row.getObject("id", UUID.class)),
        definitions.pinned(row.getString("definition"), row.getInt("definition_version")),
        columns.toState(),
        row.getInt("attempt"),
        row.getLong("version"),
        row.getString("attention"),
        row.getString("input"),
        Json.read(row.getString("answers"), ObjectNode.class),
        new TraceParent(row.getString("trace")));
  }

  private static SagaColumns columns(RunningSaga saga) {
    return SagaColumns.of(saga);
  }

  private static @Nullable String reasonCode(RunningSaga saga) {
    var reason = columns(saga).reason();
    return reason == null ? null : reason.code();
  }

  private static @Nullable String reasonDetail(RunningSaga saga) {
    var reason = columns(saga).reason();
    return reason == null ? null : reason.detail();
  }
}
