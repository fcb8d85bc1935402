package io.holdfast.wallet;

import static io.holdfast.messaging.SqlArrays.texts;
import static io.holdfast.messaging.SqlArrays.uuids;
import static java.util.stream.Collectors.toMap;

import io.holdfast.messaging.NextDue;
import io.holdfast.messaging.RedoBatch;
import io.holdfast.messaging.TraceParent;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * The table {@code withdrawal}. A batch of commands takes two statements whatever its size: lock,
 * update.
 */
final class WithdrawalStore {

  private final JdbcClient jdbc;
  private final NextDue nextDue;

  WithdrawalStore(JdbcClient jdbc) {
    this.jdbc = jdbc;
    this.nextDue = new NextDue(jdbc, "withdrawal");
  }

  private static final String INSERT =
      """
      insert into withdrawal (withdrawal_id, wallet_id, amount_minor, currency, destination, state,
        reason, trace, ended_at)
      values (?, ?, ?, ?, ?, ?, ?, ?, case when ? = 'REFUSED' then now() end)
      on conflict do nothing
      """;

  /**
   * @param state requested or refused
   * @return false if there is a withdrawal of this id
   */
  boolean insert(
      UUID walletId,
      WithdrawalRequest request,
      WithdrawalState state,
      @Nullable String reason,
      TraceParent trace) {
    return jdbc.sql(INSERT)
            .param(request.withdrawalId())
            .param(walletId)
            .param(request.amountMinor())
            .param(request.currency())
            .param(request.destination())
            .param(state.name())
            .param(reason)
            .param(trace.value())
            .param(state.name())
            .update()
        == 1;
  }

  private static final String FIND =
      """
      select withdrawal_id, wallet_id, amount_minor, currency, destination, state, reason,
        requested_at, decided_at, ended_at
      from withdrawal
      where withdrawal_id = ?
      """;

  Optional<Withdrawal> find(UUID withdrawalId) {
    return jdbc.sql(FIND).param(withdrawalId).query(WithdrawalStore::read).optional();
  }

  private static final String TRACE =
      """
      select trace from withdrawal
      where withdrawal_id = ?
      """;

  /** The trace that it was requested in. */
  TraceParent trace(UUID withdrawalId) {
    return new TraceParent(jdbc.sql(TRACE).param(withdrawalId).query(String.class).single());
  }

  private static final String LOCK =
      """
      select withdrawal_id, wallet_id, amount_minor, currency, destination, state, reason,
        requested_at, decided_at, ended_at
      from withdrawal
      where withdrawal_id = any(?::uuid[])
      order by withdrawal_id
      for no key update
      """;

  /** These withdrawals, locked in the order of their ids; unknown ones are left out. */
  Map<UUID, Withdrawal> lock(Collection<UUID> withdrawalIds) {
    if (withdrawalIds.isEmpty()) {
      return Map.of();
    }
    return jdbc.sql(LOCK).param(uuids(withdrawalIds)).query(WithdrawalStore::read).list().stream()
        .collect(toMap(Withdrawal::withdrawalId, withdrawal -> withdrawal));
  }

  private static final String LIST =
      """
      select withdrawal_id, wallet_id, amount_minor, currency, destination, state, reason,
        requested_at, decided_at, ended_at
      from withdrawal
      where wallet_id = ? and withdrawal_id < ?
      order by withdrawal_id desc
      limit ?
      """;

  private static final UUID LAST = new UUID(-1, -1);

  /** A wallet's withdrawals, newest first, older than {@code after} if it is given. */
  List<Withdrawal> list(UUID walletId, @Nullable UUID after, int limit) {
    return jdbc.sql(LIST)
        .params(walletId, after == null ? LAST : after, limit)
        .query(WithdrawalStore::read)
        .list();
  }

  private static Withdrawal read(ResultSet row, int number) throws SQLException {
    return new Withdrawal(
        row.getObject("withdrawal_id", UUID.class),
        row.getObject("wallet_id", UUID.class),
        row.getLong("amount_minor"),
        row.getString("currency"),
        row.getString("destination"),
        WithdrawalState.valueOf(row.getString("state")),
        row.getString("reason"),
        row.getObject("requested_at", OffsetDateTime.class).toInstant(),
        instant(row, "decided_at"),
        instant(row, "ended_at"));
  }

  private static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
    var at = row.getObject(column, OffsetDateTime.class);
    return at == null ? null : at.toInstant();
  }

  private static final String DECIDE =
      """
      update withdrawal
      set state = ?, reason = ?, decided_at = now(),
        ended_at = case when ? = 'REJECTED' then now() end,
        next_action_at = case when ? = 'APPROVED' then now() + ? * interval '1 second' end
      where withdrawal_id = ? and state = 'REQUESTED'
      """;

  /** A reviewer's decision about a withdrawal that is locked and requested. */
  void decide(
      UUID withdrawalId, WithdrawalState state, @Nullable String reason, Duration resendAfter) {
    int updated =
        jdbc.sql(DECIDE)
            .param(state.name())
            .param(reason)
            .param(state.name())
            .param(state.name())
            .param(resendAfter.toMillis() / 1000.0)
            .param(withdrawalId)
            .update();
    RedoBatch.unlessAll("withdrawals", updated, 1);
  }

  /**
   * A step of a withdrawal's saga.
   *
   * @param from where it stood
   * @param to where it stands now
   */
  record Move(UUID withdrawalId, WithdrawalState from, WithdrawalState to) {}

  private static final String MOVE =
      """
      update withdrawal w
      set state = moved.state, next_action_at = null,
        reason = case when moved.state = 'FAILED' then 'it could not be paid out' end,
        ended_at = case when moved.state in ('PAID', 'FAILED') then now() end
      from unnest(?::uuid[], ?::text[], ?::text[]) moved (withdrawal_id, previous, state)
      where w.withdrawal_id = moved.withdrawal_id and w.state = moved.previous
      """;

  /** Moves withdrawals that are locked. */
  void move(List<Move> moves) {
    if (moves.isEmpty()) {
      return;
    }
    int updated =
        jdbc.sql(MOVE)
            .params(
                uuids(moves, Move::withdrawalId),
                texts(moves, move -> move.from().name()),
                texts(moves, move -> move.to().name()))
            .update();
    RedoBatch.unlessAll("withdrawals", updated, moves.size());
  }

  /**
   * An approved withdrawal that nobody has taken up.
   *
   * @param cancelled whether its saga was cancelled before it had come here: the participant's
   *     tombstone refuses whatever comes later
   */
  record Due(
      UUID withdrawalId,
      UUID walletId,
      long amountMinor,
      String currency,
      String destination,
      TraceParent trace,
      boolean cancelled) {}

  private static final String DUE =
      """
      select w.withdrawal_id, w.wallet_id, w.amount_minor, w.currency, w.destination, w.trace,
        exists (
          select from participant_fence f
          where f.saga_id = w.withdrawal_id and f.step = ? and f.state = 'EMPTY') as cancelled
      from withdrawal w
      where w.next_action_at <= now()
      order by w.next_action_at
      limit ?
      """;

  /** Withdrawals that are due. They are not locked yet: their wallets come first. */
  List<Due> due(String step, int limit) {
    return jdbc.sql(DUE)
        .params(step, limit)
        .query(
            (row, _) ->
                new Due(
                    row.getObject("withdrawal_id", UUID.class),
                    row.getObject("wallet_id", UUID.class),
                    row.getLong("amount_minor"),
                    row.getString("currency"),
                    row.getString("destination"),
                    new TraceParent(row.getString("trace")),
                    row.getBoolean("cancelled")))
        .list();
  }

  private static final String POSTPONE =
      """
      update withdrawal
      set attempt = attempt + 1,
        next_action_at = now() + least(? * power(2, least(attempt, 30)), ?) * (0.8 + 0.4 * random())
          * interval '1 second'
      where withdrawal_id = any(?::uuid[]) and state = 'APPROVED' and next_action_at <= now()
      returning withdrawal_id
      """;

  /**
   * Sets when these are due again.
   *
   * @return those that nobody else has postponed
   */
  List<UUID> postpone(Collection<UUID> withdrawalIds, Duration firstPause, Duration longestPause) {
    if (withdrawalIds.isEmpty()) {
      return List.of();
    }
    return jdbc.sql(POSTPONE)
        .params(
            firstPause.toMillis() / 1000.0, longestPause.toMillis() / 1000.0, uuids(withdrawalIds))
        .query((row, _) -> row.getObject(1, UUID.class))
        .list();
  }

  /** How long until the next one is due; {@code atMost} if none is before that. */
  Duration untilNextDue(Duration atMost) {
    return nextDue.in(atMost);
  }
}
