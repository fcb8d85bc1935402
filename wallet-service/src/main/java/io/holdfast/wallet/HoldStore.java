package io.holdfast.wallet;

import static io.holdfast.messaging.SqlArrays.longs;
import static io.holdfast.messaging.SqlArrays.texts;
import static io.holdfast.messaging.SqlArrays.uuids;

import io.holdfast.messaging.NextDue;
import io.holdfast.messaging.RedoBatch;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * The table {@code wallet_hold}. When a hold expires is up to the database's clock alone. To expire
 * a batch takes three statements whatever its size: find, lock, update.
 *
 * <p>{@code expires_at} is when it expires, {@code next_action_at} when the timer looks at it: the
 * same, unless it could not end then.
 */
final class HoldStore {

  private final JdbcClient jdbc;
  private final NextDue nextDue;

  HoldStore(JdbcClient jdbc) {
    this.jdbc = jdbc;
    this.nextDue = new NextDue(jdbc, "wallet_hold");
  }

  private static final String INSERT =
      """
      insert into wallet_hold (hold_id, wallet_id, reference, amount_minor, currency,
        expires_in_seconds, state, ended_at, expires_at, next_action_at)
      select ?, ?, ?, ?, ?, ?, ?,
        case when is_held then null else now() end,
        case when is_held then expiry end,
        case when is_held then expiry end
      from (values (?, now() + ? * interval '1 second')) hold (is_held, expiry)
      on conflict do nothing
      """;

  /**
   * @param isHeld whether the money is there; else it is stored as refused
   * @return false if there is a hold of this reference
   */
  boolean insert(UUID holdId, UUID walletId, HoldRequest request, boolean isHeld) {
    return jdbc.sql(INSERT)
            .param(holdId)
            .param(walletId)
            .param(request.reference())
            .param(request.amountMinor())
            .param(request.currency())
            .param(request.expiresInSeconds())
            .param((isHeld ? HoldState.HELD : HoldState.REFUSED).name())
            .param(isHeld)
            .param(request.expiresInSeconds())
            .update()
        == 1;
  }

  private static final String FIND =
      """
      select hold_id, wallet_id, reference, amount_minor, currency, expires_in_seconds, state,
        confirmed_minor, requested_at, expires_at, ended_at,
        coalesce(expires_at <= now(), false) as overdue
      from wallet_hold
      where hold_id = ?
      """;

  Optional<Hold> find(UUID holdId) {
    return jdbc.sql(FIND).param(holdId).query(HoldStore::read).optional();
  }

  private static final String FIND_BY_REFERENCE =
      """
      select hold_id, wallet_id, reference, amount_minor, currency, expires_in_seconds, state,
        confirmed_minor, requested_at, expires_at, ended_at,
        coalesce(expires_at <= now(), false) as overdue
      from wallet_hold
      where wallet_id = ? and reference = ?
      """;

  Optional<Hold> find(UUID walletId, String reference) {
    return jdbc.sql(FIND_BY_REFERENCE)
        .params(walletId, reference)
        .query(HoldStore::read)
        .optional();
  }

  private static final String LOCK =
      """
      select hold_id, wallet_id, reference, amount_minor, currency, expires_in_seconds, state,
        confirmed_minor, requested_at, expires_at, ended_at,
        coalesce(expires_at <= now(), false) as overdue
      from wallet_hold
      where hold_id = any(?::uuid[])
      order by hold_id
      for no key update
      """;

  /** These holds, locked in the order of their ids; unknown ones are left out. */
  List<Hold> lock(Collection<UUID> holdIds) {
    return jdbc.sql(LOCK).param(uuids(holdIds)).query(HoldStore::read).list();
  }

  private static Hold read(ResultSet row, int number) throws SQLException {
    return new Hold(
        row.getObject("hold_id", UUID.class),
        row.getObject("wallet_id", UUID.class),
        row.getString("reference"),
        row.getLong("amount_minor"),
        row.getString("currency"),
        row.getLong("expires_in_seconds"),
        HoldState.valueOf(row.getString("state")),
        row.getLong("confirmed_minor"),
        row.getObject("requested_at", OffsetDateTime.class).toInstant(),
        instant(row, "expires_at"),
        instant(row, "ended_at"),
        row.getBoolean("overdue"));
  }

  private static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
    var at = row.getObject(column, OffsetDateTime.class);
    return at == null ? null : at.toInstant();
  }

  /**
   * How a hold ends.
   *
   * @param confirmedMinor what of it is spent
   */
  record End(UUID holdId, HoldState state, long confirmedMinor) {}

  private static final String END =
      """
      update wallet_hold h
      set state = ended.state, confirmed_minor = ended.confirmed, ended_at = now(),
        expires_at = null, next_action_at = null
      from unnest(?::uuid[], ?::text[], ?::bigint[]) ended (hold_id, state, confirmed)
      where h.hold_id = ended.hold_id and h.state = 'HELD'
      """;

  /** Ends holds that are locked and held. */
  void end(List<End> ends) {
    if (ends.isEmpty()) {
      return;
    }
    int updated =
        jdbc.sql(END)
            .params(
                uuids(ends, End::holdId),
                texts(ends, end -> end.state().name()),
                longs(ends, End::confirmedMinor))
            .update();
    RedoBatch.unlessAll("holds", updated, ends.size());
  }

  /** A hold that has to expire. */
  record Due(UUID holdId, UUID walletId) {}

  private static final String DUE =
      """
      select hold_id, wallet_id
      from wallet_hold
      where next_action_at <= now()
      order by next_action_at
      limit ?
      """;

  /** Holds that are due, the oldest first. They are not locked yet: their wallets come first. */
  List<Due> due(int limit) {
    return jdbc.sql(DUE)
        .param(limit)
        .query(
            (row, _) ->
                new Due(
                    row.getObject("hold_id", UUID.class), row.getObject("wallet_id", UUID.class)))
        .list();
  }

  private static final String PUT_OFF =
      """
      update wallet_hold
      set next_action_at = now() + ? * interval '1 second'
      where hold_id = ? and state = 'HELD'
      """;

  /** Has the timer look at a hold later. When it expires is not changed. */
  void putOff(UUID holdId, Duration pause) {
    jdbc.sql(PUT_OFF).params(pause.toSeconds(), holdId).update();
  }

  /** How long until the next one is due; {@code atMost} if none is before that. */
  Duration untilNextDue(Duration atMost) {
    return nextDue.in(atMost);
  }
}
