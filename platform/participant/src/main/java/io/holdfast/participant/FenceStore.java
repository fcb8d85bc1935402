package io.holdfast.participant;

import static io.holdfast.messaging.SqlArrays.booleans;
import static io.holdfast.messaging.SqlArrays.bytes;
import static io.holdfast.messaging.SqlArrays.ints;
import static io.holdfast.messaging.SqlArrays.texts;
import static io.holdfast.messaging.SqlArrays.uuids;

import io.holdfast.contracts.Reason;
import io.holdfast.contracts.SagaId;
import io.holdfast.messaging.Json;
import io.holdfast.messaging.RedoBatch;
import io.holdfast.messaging.TraceParent;
import io.holdfast.saga.FenceState;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * The table {@code participant_fence}. At most three statements a batch, whatever its size: load,
 * insert what is new, update what changed. Two to settle a round of answers, two a round of the
 * timer.
 *
 * <p>Locks are taken in this order everywhere: stored fences by saga, then the domain's rows by
 * their key, then new fences by saga. So no two transactions wait for each other.
 */
final class FenceStore {

  private final JdbcClient jdbc;

  FenceStore(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  private static final String LOAD =
      """
      select saga_id, state, hold, data, reason_code, reason_detail, declined, request_hash,
        command_id, attempt, trace
      from participant_fence
      where saga_id = any(?::uuid[]) and step = ?
      order by saga_id
      for update
      """;

  /** The known fences of these sagas, locked. */
  <H> Map<SagaId, Fence<H>> load(String step, Class<H> holdType, Collection<SagaId> sagas) {
    var known = HashMap.<SagaId, Fence<H>>newHashMap(sagas.size());
    jdbc.sql(LOAD)
        .params(uuids(sagas.stream().map(SagaId::value).distinct().toList()), step)
        .query(
            row -> {
              var fence = read(row, holdType);
              known.put(fence.sagaId(), fence);
            });
    return known;
  }

  private static <H> Fence<H> read(ResultSet row, Class<H> holdType) throws SQLException {
    String hold = row.getString("hold");
    String code = row.getString("reason_code");
    return new Fence<>(
        new SagaId(row.getObject("saga_id", UUID.class)),
        FenceState.valueOf(row.getString("state")),
        hold == null ? null : Json.read(hold, holdType),
        row.getString("data"),
        code == null ? null : new Reason(code, row.getString("reason_detail")),
        row.getBoolean("declined"),
        row.getBytes("request_hash"),
        answering(row));
  }

  private static Fence.Answering answering(ResultSet row) throws SQLException {
    return new Fence.Answering(
        row.getObject("command_id", UUID.class),
        row.getInt("attempt"),
        new TraceParent(row.getString("trace")));
  }

  private static final String INSERT =
      """
      insert into participant_fence
        (step, saga_id, state, hold, data, reason_code, reason_detail, declined, request_hash,
         command_id, attempt, trace, next_action_at)
      select ?, saga_id, state, hold::jsonb, data, reason_code, reason_detail, declined, request_hash,
        command_id, attempt, trace,
        case when state in ('TRYING', 'TRIED', 'DECLINED') then now() + ? * interval '1 second' end
      from unnest(?::uuid[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::boolean[],
          ?::bytea[], ?::uuid[], ?::integer[], ?::text[])
        new (saga_id, state, hold, data, reason_code, reason_detail, declined, request_hash,
          command_id, attempt, trace)
      order by saga_id
      """;

  /**
   * @throws org.springframework.dao.DuplicateKeyException if another transaction has stored one of
   *     them in the meantime
   */
  <H> void insert(String step, Duration holdFor, List<Fence<H>> fences) {
    if (fences.isEmpty()) {
      return;
    }
    jdbc.sql(INSERT)
        .param(step)
        .param(seconds(holdFor))
        .param(uuids(fences, fence -> fence.sagaId().value()))
        .param(texts(fences, fence -> fence.state().name()))
        .param(texts(fences, FenceStore::holdJson))
        .param(texts(fences, Fence::data))
        .param(texts(fences, FenceStore::reasonCode))
        .param(texts(fences, FenceStore::reasonDetail))
        .param(booleans(fences, Fence::declined))
        .param(bytes(fences, fence -> fence.requestHash()))
        .param(uuids(fences, fence -> fence.answering().commandId()))
        .param(ints(fences, fence -> fence.answering().attempt()))
        .param(texts(fences, fence -> fence.answering().trace().value()))
        .update();
  }

  // The step comes as a column, not as a constant: a constant would let the planner walk the whole
  // primary key and look each row up in the batch. It would do so while the table is small, and go
  // on with that plan when it no longer is.
  private static final String UPDATE =
      """
      update participant_fence fence
      set state = changed.state,
        reason_code = changed.reason_code,
        reason_detail = changed.reason_detail,
        declined = changed.declined,
        command_id = changed.command_id,
        attempt = changed.attempt,
        trace = changed.trace,
        next_action_at = case
          when changed.state in ('TRYING', 'TRIED', 'DECLINED') then now() + ? * interval '1 second' end,
        asked = 0,
        changed_at = now()
      from unnest(?::uuid[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::boolean[],
          ?::uuid[], ?::integer[], ?::text[])
        changed (saga_id, step, was, state, reason_code, reason_detail, declined, command_id, attempt, trace)
      where fence.saga_id = changed.saga_id
        and fence.step = changed.step
        and fence.state = changed.was
      """;

  /**
   * @param stored the same fences as they were loaded
   * @throws RedoBatch if one of them is not as it was loaded
   */
  <H> void update(
      String step, Duration holdFor, List<Fence<H>> fences, Map<SagaId, Fence<H>> stored) {
    if (fences.isEmpty()) {
      return;
    }
    int updated =
        jdbc.sql(UPDATE)
            .param(seconds(holdFor))
            .param(uuids(fences, fence -> fence.sagaId().value()))
            .param(texts(fences, _ -> step))
            .param(texts(fences, fence -> stateOf(stored, fence.sagaId())))
            .param(texts(fences, fence -> fence.state().name()))
            .param(texts(fences, FenceStore::reasonCode))
            .param(texts(fences, FenceStore::reasonDetail))
            .param(booleans(fences, Fence::declined))
            .param(uuids(fences, fence -> fence.answering().commandId()))
            .param(ints(fences, fence -> fence.answering().attempt()))
            .param(texts(fences, fence -> fence.answering().trace().value()))
            .update();
    RedoBatch.unlessAll("changed fences of " + step, updated, fences.size());
  }

  private static final String LOCK =
      """
      select saga_id
      from participant_fence
      where saga_id = any(?::uuid[]) and step = ?
      order by saga_id
      for update
      """;

  /** Locks the known fences of these sagas. */
  void lock(String step, Collection<SagaId> sagas) {
    jdbc.sql(LOCK)
        .params(uuids(sagas.stream().map(SagaId::value).toList()), step)
        .query(
            (ResultSet _) -> {
              // All there is to know of them is that they are locked.
            });
  }

  /** A fence that is to move, and what is kept of why. */
  record Move(
      SagaId sagaId,
      FenceState from,
      FenceState to,
      @Nullable String data,
      @Nullable Reason reason) {}

  private static final String SETTLE =
      """
      update participant_fence fence
      set state = moved.state,
        data = coalesce(moved.data, fence.data),
        reason_code = coalesce(moved.reason_code, fence.reason_code),
        reason_detail = coalesce(moved.reason_detail, fence.reason_detail),
        declined = fence.declined or moved.state = 'DECLINED',
        next_action_at = case
          when moved.state in ('TRIED', 'DECLINED') then now() + ? * interval '1 second' end,
        asked = 0,
        changed_at = now()
      from unnest(?::uuid[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[])
        moved (saga_id, step, was, state, data, reason_code, reason_detail)
      where fence.saga_id = moved.saga_id
        and fence.step = moved.step
        and fence.state = moved.was
      returning fence.saga_id, command_id, attempt, trace
      """;

  /**
   * Moves those fences that are where they are to move from.
   *
   * @return by saga, the commands that wait for the answers
   */
  Map<SagaId, Fence.Answering> settle(String step, Duration holdFor, List<Move> moves) {
    var moved = HashMap.<SagaId, Fence.Answering>newHashMap(moves.size());
    jdbc.sql(SETTLE)
        .param(seconds(holdFor))
        .param(uuids(moves, move -> move.sagaId().value()))
        .param(texts(moves, _ -> step))
        .param(texts(moves, move -> move.from().name()))
        .param(texts(moves, move -> move.to().name()))
        .param(texts(moves, Move::data))
        .param(texts(moves, move -> move.reason() == null ? null : move.reason().code()))
        .param(texts(moves, move -> move.reason() == null ? null : move.reason().detail()))
        .query(
            row -> {
              moved.put(new SagaId(row.getObject("saga_id", UUID.class)), answering(row));
            });
    return moved;
  }

  /** A saga whose outcome is asked for. */
  record Asking(SagaId sagaId, TraceParent trace) {}

  private static final String CLAIM_DUE =
      """
      with due as materialized (
        select saga_id, step
        from participant_fence
        where step = ? and next_action_at <= now()
        order by next_action_at
        limit ?
        for update skip locked
      )
      update participant_fence fence
      set asked = asked + 1,
        next_action_at = now() + least(? * 2 ^ least(asked, 20), ?) * interval '1 second'
      from due
      where fence.saga_id = due.saga_id and fence.step = due.step
      returning fence.saga_id, fence.trace
      """;

  /**
   * Claims fences that have waited long enough to ask, and stores when to ask again: after {@code
   * first}, then twice as long each time, up to {@code longest}.
   */
  List<Asking> claimDue(String step, int limit, Duration first, Duration longest) {
    return jdbc.sql(CLAIM_DUE)
        .params(step, limit, seconds(first), seconds(longest))
        .query(
            (row, _) ->
                new Asking(
                    new SagaId(row.getObject("saga_id", UUID.class)),
                    new TraceParent(row.getString("trace"))))
        .list();
  }

  /**
   * What waits for the orchestrator.
   *
   * @param count how many steps
   * @param nextDueIn until the first of them asks; empty if none waits
   */
  record Waiting(long count, Optional<Duration> nextDueIn) {}

  private static final String WAITING =
      """
      select count(*) as waiting,
        (extract(epoch from min(next_action_at) - clock_timestamp()) * 1000)::bigint as millis
      from participant_fence
      where step = ? and next_action_at is not null
      """;

  Waiting waiting(String step) {
    return jdbc.sql(WAITING)
        .param(step)
        .query(
            (row, _) -> {
              long count = row.getLong("waiting");
              return new Waiting(
                  count,
                  count == 0
                      ? Optional.empty()
                      : Optional.of(Duration.ofMillis(row.getLong("millis"))));
            })
        .single();
  }

  private static <H> @Nullable String holdJson(Fence<H> fence) {
    var hold = fence.hold();
    return hold == null ? null : Json.text(hold);
  }

  private static <H> @Nullable String reasonCode(Fence<H> fence) {
    var reason = fence.reason();
    return reason == null ? null : reason.code();
  }

  private static <H> @Nullable String reasonDetail(Fence<H> fence) {
    var reason = fence.reason();
    return reason == null ? null : reason.detail();
  }

  private static <H> String stateOf(Map<SagaId, Fence<H>> stored, SagaId sagaId) {
    var fence = stored.get(sagaId);
    if (fence == null) {
      throw new IllegalStateException("saga " + sagaId + " has no stored fence");
    }
    return fence.state().name();
  }

  private static double seconds(Duration duration) {
    return duration.toMillis() / 1000.0;
  }
}
