package io.holdfast.wallet;

import static io.holdfast.messaging.SqlArrays.longs;
import static io.holdfast.messaging.SqlArrays.texts;
import static io.holdfast.messaging.SqlArrays.uuids;

import io.holdfast.contracts.wallet.AbnormalUse;
import io.holdfast.messaging.UuidV7;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * The tables {@code abnormal_use} and {@code abnormal_use_round}, and what the ledger says about
 * them. A page of wallets takes five statements, and one more if some of them are to be flagged.
 */
final class AbnormalUseStore {

  private static final UUID LAST = new UUID(-1, -1);

  private final JdbcClient jdbc;

  AbnormalUseStore(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  /**
   * A wallet that was flagged.
   *
   * @param id of the flag
   */
  record Flag(UUID id, Instant flaggedAt, AbnormalUse use) {}

  /**
   * A round over all wallets.
   *
   * @param next the first wallet of its next page
   * @param previousBegan when the round before began
   */
  record Round(UUID next, Instant previousBegan) {}

  private static final String LOCK_ROUND =
      """
      select next_wallet_id, previous_began_at
      from abnormal_use_round
      for no key update skip locked
      """;

  /** The round, locked; empty if somebody else has it. */
  Optional<Round> lockRound() {
    return jdbc.sql(LOCK_ROUND)
        .query(
            (row, _) ->
                new Round(
                    row.getObject("next_wallet_id", UUID.class),
                    row.getObject("previous_began_at", OffsetDateTime.class).toInstant()))
        .optional();
  }

  private static final String GO_ON =
      """
      update abnormal_use_round set next_wallet_id = ?
      """;

  /** Where the round that is locked goes on. */
  void goOnAt(UUID next) {
    jdbc.sql(GO_ON).param(next).update();
  }

  private static final String BEGIN_ROUND =
      """
      update abnormal_use_round
      set next_wallet_id = ?, previous_began_at = began_at, began_at = now()
      returning extract(epoch from began_at - previous_began_at)::bigint
      """;

  /**
   * Begins the next round.
   *
   * @return how long the one took that is locked and has ended, to a second
   */
  Duration beginRoundAt(UUID first) {
    return Duration.ofSeconds(jdbc.sql(BEGIN_ROUND).param(first).query(Long.class).single());
  }

  private static final String WALLETS =
      """
      select wallet_id from wallet
      where wallet_id >= ?
      order by wallet_id
      limit ?
      """;

  /** Wallets from {@code first} on, in the order of their ids. */
  List<UUID> wallets(UUID first, int limit) {
    return jdbc.sql(WALLETS)
        .params(first, limit)
        .query((row, _) -> row.getObject(1, UUID.class))
        .list();
  }

  private static final String LIMIT_TIME =
      """
      select set_config('statement_timeout', ?, true)
      """;

  // The ledger's key begins with wallet and cause, and a cause's id with its time: so what a wallet
  // has paid lately is one range of an index that is there anyway.
  static final String BEYOND =
      """
      select w.wallet_id, w.currency, used.hour, used.payments, used.amount_minor
      from wallet w
      cross join lateral (
        select distinct on (date_trunc('hour', paid.at, 'UTC'))
          date_trunc('hour', paid.at, 'UTC') as hour, paid.payments, paid.amount_minor
        from (
          select e.at, count(*) over within_an_hour as payments,
            (sum(e.amount_minor) over within_an_hour)::bigint as amount_minor
          from wallet_entry e
          where e.wallet_id = w.wallet_id and e.cause_id >= ?
            and e.operation in ('CONFIRM', 'CHARGE')
            and e.at > ?
          window within_an_hour as (
            order by e.at range between interval '1 hour' preceding and current row)) paid
        where paid.payments > ? or paid.amount_minor > ?
        order by date_trunc('hour', paid.at, 'UTC'), paid.at) used
      where w.wallet_id between ? and ?
      """;

  /**
   * Wallets of a page that have paid too often or too much within sixty minutes, once for each hour
   * of the clock with a payment that was one too many, by the first such payment.
   *
   * @param since older payments are not counted
   * @param causesSince nor are payments whose orders or holds began before
   * @throws org.springframework.dao.QueryTimeoutException if their payments cannot be read in
   *     {@code timeLimit}
   */
  List<AbnormalUse> beyond(
      List<UUID> page,
      Instant since,
      Instant causesSince,
      long mostPayments,
      long mostMinor,
      Duration timeLimit) {
    jdbc.sql(LIMIT_TIME).param(timeLimit.toMillis() + "ms").query(String.class).single();
    return jdbc.sql(BEYOND)
        .params(
            UuidV7.lowestAt(causesSince),
            since.atOffset(ZoneOffset.UTC),
            mostPayments,
            mostMinor,
            page.getFirst(),
            page.getLast())
        .query((row, _) -> use(row))
        .list();
  }

  private static AbnormalUse use(ResultSet row) throws SQLException {
    return new AbnormalUse(
        row.getObject("wallet_id", UUID.class),
        row.getObject("hour", OffsetDateTime.class).toInstant(),
        row.getLong("payments"),
        row.getLong("amount_minor"),
        row.getString("currency"));
  }

  private static Flag flag(ResultSet row) throws SQLException {
    return new Flag(
        row.getObject("id", UUID.class),
        row.getObject("flagged_at", OffsetDateTime.class).toInstant(),
        use(row));
  }

  private static final String INSERT =
      """
      insert into abnormal_use (id, wallet_id, hour, payments, amount_minor, currency)
      select id, wallet_id, hour::timestamptz, payments, amount, currency
      from unnest(?::uuid[], ?::uuid[], ?::text[], ?::bigint[], ?::bigint[], ?::text[])
        flagged (id, wallet_id, hour, payments, amount, currency)
      order by wallet_id
      on conflict do nothing
      returning id, wallet_id, hour, payments, amount_minor, currency, flagged_at
      """;

  /** Flags what is not flagged for its hour yet, and returns that. */
  List<Flag> insert(List<AbnormalUse> uses) {
    return jdbc.sql(INSERT)
        .params(
            uuids(uses, _ -> UuidV7.next()),
            uuids(uses, AbnormalUse::walletId),
            texts(uses, use -> use.hour().toString()),
            longs(uses, AbnormalUse::payments),
            longs(uses, AbnormalUse::amountMinor),
            texts(uses, AbnormalUse::currency))
        .query((row, _) -> flag(row))
        .list();
  }

  private static final String LIST =
      """
      select id, wallet_id, hour, payments, amount_minor, currency, flagged_at
      from abnormal_use
      where id < ?
      order by id desc
      limit ?
      """;

  private static final String LIST_OF_WALLET =
      """
      select id, wallet_id, hour, payments, amount_minor, currency, flagged_at
      from abnormal_use
      where wallet_id = ? and id < ?
      order by id desc
      limit ?
      """;

  /** The newest flags, of one wallet or of all, older than {@code after} if it is given. */
  List<Flag> list(@Nullable UUID walletId, @Nullable UUID after, int limit) {
    var before = after == null ? LAST : after;
    var statement =
        walletId == null
            ? jdbc.sql(LIST).params(before, limit)
            : jdbc.sql(LIST_OF_WALLET).params(walletId, before, limit);
    return statement.query((row, _) -> flag(row)).list();
  }
}
