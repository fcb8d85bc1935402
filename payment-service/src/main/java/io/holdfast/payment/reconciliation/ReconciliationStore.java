package io.holdfast.payment.reconciliation;

import static io.holdfast.messaging.SqlArrays.ints;
import static io.holdfast.messaging.SqlArrays.texts;
import static io.holdfast.messaging.SqlArrays.uuids;

import io.holdfast.messaging.NextDue;
import io.holdfast.messaging.UuidV7;
import io.holdfast.payment.provider.ProviderRecord;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * The tables {@code reconciliation} and {@code reconciliation_difference}. A lease has no
 * generation: a comparison that two make finds the same, and the first to finish is the one that
 * counts.
 */
class ReconciliationStore {

  /** Longer than a comparison takes; one that is taken up again begins anew and harms nothing. */
  private static final Duration LEASE = Duration.ofMinutes(10);

  private final JdbcClient jdbc;
  private final NextDue nextDue;

  ReconciliationStore(JdbcClient jdbc) {
    this.jdbc = jdbc;
    this.nextDue = new NextDue(jdbc, "reconciliation");
  }

  private static final String INSERT =
      """
      insert into reconciliation (id, from_at, to_at, day, state)
      values (?, ?, ?, ?, 'RUNNING')
      on conflict do nothing
      """;

  /** Asks for a comparison of what was made from {@code from} until before {@code to}. */
  UUID insert(Instant from, Instant to) {
    var id = UuidV7.next();
    insert(id, from, to, null);
    return id;
  }

  /** Asks for a day's comparison; false if that was done before. */
  boolean insertDay(LocalDate day) {
    return insert(
        UuidV7.next(),
        day.atStartOfDay().toInstant(ZoneOffset.UTC),
        day.plusDays(1).atStartOfDay().toInstant(ZoneOffset.UTC),
        day);
  }

  private static final String NEWEST_DAY =
      """
      select max(day)
      from reconciliation
      """;

  /** The newest day whose comparison was asked for by the clock. */
  Optional<LocalDate> newestDay() {
    return jdbc.sql(NEWEST_DAY)
        .query((row, _) -> Optional.ofNullable(row.getObject(1, LocalDate.class)))
        .single();
  }

  private boolean insert(UUID id, Instant from, Instant to, @Nullable LocalDate day) {
    return jdbc.sql(INSERT)
            .param(id)
            .param(from.atOffset(ZoneOffset.UTC))
            .param(to.atOffset(ZoneOffset.UTC))
            .param(day)
            .update()
        == 1;
  }

  /**
   * A comparison to be made.
   *
   * @param attempts with this one
   */
  record Claim(UUID id, Instant from, Instant to, int attempts) {}

  private static final String CLAIM =
      """
      update reconciliation
      set next_action_at = now() + make_interval(secs => ?),
        attempts = attempts + 1
      where id in (
        select id
        from reconciliation
        where next_action_at <= now()
        order by next_action_at
        limit ?
        for update skip locked)
      returning *
      """;

  /** Leases comparisons that are to be made. */
  List<Claim> claim(int limit) {
    return jdbc.sql(CLAIM)
        .params(LEASE.toSeconds(), limit)
        .query(
            (row, _) ->
                new Claim(
                    row.getObject("id", UUID.class),
                    time(row, "from_at"),
                    time(row, "to_at"),
                    row.getInt("attempts")))
        .list();
  }

  private static final String FINISH =
      """
      update reconciliation
      set state = 'DONE',
        compared = ?,
        last_error = null,
        finished_at = now(),
        next_action_at = null
      where id = ?
        and state = 'RUNNING'
      """;

  private static final String INSERT_DIFFERENCES =
      """
      insert into reconciliation_difference (reconciliation_id, number, kind, object, our_id, provider_id, detail, action)
      select ?, number, kind, object, our_id, provider_id, detail, action
      from unnest(?::integer[], ?::text[], ?::text[], ?::uuid[], ?::text[], ?::text[], ?::text[])
        as t (number, kind, object, our_id, provider_id, detail, action)
      """;

  /** Stores the result, in the caller's transaction. Returns false if somebody else has. */
  boolean finish(UUID id, long compared, List<Difference> differences) {
    if (jdbc.sql(FINISH).params(compared, id).update() == 0) {
      return false;
    }
    var numbers = IntStream.rangeClosed(1, differences.size()).boxed().toList();
    jdbc.sql(INSERT_DIFFERENCES)
        .params(
            id,
            ints(numbers, number -> number),
            texts(differences, d -> d.kind().name()),
            texts(differences, d -> d.object().name()),
            uuids(differences, Difference::ourId),
            texts(differences, Difference::providerId),
            texts(differences, Difference::detail),
            texts(differences, Difference::action))
        .update();
    return true;
  }

  private static final String RETRY =
      """
      update reconciliation
      set last_error = ?,
        next_action_at = now() + make_interval(secs => ?)
      where id = ?
        and state = 'RUNNING'
      """;

  void retry(UUID id, String error, Duration pause) {
    jdbc.sql(RETRY).params(error, pause.toNanos() / 1e9, id).update();
  }

  Duration untilNextDue(Duration atMost) {
    return nextDue.in(atMost);
  }

  /**
   * A comparison as people see it.
   *
   * @param compared how many of the provider's records were looked at
   */
  record View(
      UUID id,
      Instant from,
      Instant to,
      String state,
      int attempts,
      long compared,
      @Nullable String lastError,
      Instant createdAt,
      @Nullable Instant finishedAt) {}

  private static final String LOAD =
      """
      select *
      from reconciliation
      where id = ?
      """;

  Optional<View> view(UUID id) {
    return jdbc.sql(LOAD).param(id).query(ReconciliationStore::view).optional();
  }

  private static final String NEWEST =
      """
      select *
      from reconciliation
      where id < coalesce(cast(? as uuid), 'ffffffff-ffff-ffff-ffff-ffffffffffff')
      order by id desc
      limit ?
      """;

  /** Newest first; {@code after} is the last one of the page before. */
  List<View> newest(@Nullable UUID after, int limit) {
    return jdbc.sql(NEWEST).param(after).param(limit).query(ReconciliationStore::view).list();
  }

  private static View view(ResultSet row, int number) throws SQLException {
    var finishedAt = row.getObject("finished_at", OffsetDateTime.class);
    return new View(
        row.getObject("id", UUID.class),
        time(row, "from_at"),
        time(row, "to_at"),
        row.getString("state"),
        row.getInt("attempts"),
        row.getLong("compared"),
        row.getString("last_error"),
        time(row, "created_at"),
        finishedAt == null ? null : finishedAt.toInstant());
  }

  private static final String DIFFERENCES =
      """
      select *
      from reconciliation_difference
      where reconciliation_id = ?
        and number > ?
      order by number
      limit ?
      """;

  /** Differences in the order in which they were found, from the one after {@code after}. */
  List<Difference> differences(UUID id, int after, int limit) {
    return jdbc.sql(DIFFERENCES)
        .params(id, after, limit)
        .query(
            (row, _) ->
                new Difference(
                    Difference.Kind.valueOf(row.getString("kind")),
                    ProviderRecord.Kind.valueOf(row.getString("object")),
                    row.getObject("our_id", UUID.class),
                    row.getString("provider_id"),
                    row.getString("detail"),
                    row.getString("action")))
        .list();
  }

  private static final String COUNTS =
      """
      select kind, count(*) as differences
      from reconciliation_difference
      where reconciliation_id = ?
      group by kind
      order by kind
      """;

  /** How many differences of each kind. */
  List<Count> counts(UUID id) {
    return jdbc.sql(COUNTS)
        .param(id)
        .query((row, _) -> new Count(row.getString("kind"), row.getLong("differences")))
        .list();
  }

  /**
   * @param kind of difference
   * @param differences how many
   */
  record Count(String kind, long differences) {}

  private static Instant time(ResultSet row, String column) throws SQLException {
    return row.getObject(column, OffsetDateTime.class).toInstant();
  }
}
