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
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * The table {@code abnormal_use}, and what the ledger says about it. A page of wallets takes two
 * statements, and one more if some of them are to be flagged.
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

  private static final String PAGE_END =
      """
      select wallet_id
      from (select wallet_id from wallet where wallet_id > ? order by wallet_id limit ?) page
      order by wallet_id desc
      limit 1
      """;

  /** The last of the wallets behind {@code after}; empty if there are none. */
  Optional<UUID> pageEnd(UUID after, int limit) {
    return jdbc.sql(PAGE_END).params(after, limit).query(UUID.class).optional();
  }

  // The ledger's key begins with wallet and cause, and a cause's id with its time: so what a wallet
  // has paid lately is one range of an index that is there anyway. Two hours are read, so that an
  // hour is seen whole that ended up to an hour before this page's turn.
  private static final String BEYOND =
      """
      select w.wallet_id, w.currency, date_trunc('hour', used.at, 'UTC') as hour, used.payments,
        used.amount_minor
      from wallet w
      cross join lateral (
        select paid.at, paid.payments, paid.amount_minor
        from (
          select e.at, count(*) over within_an_hour as payments,
            (sum(e.amount_minor) over within_an_hour)::bigint as amount_minor
          from wallet_entry e
          where e.wallet_id = w.wallet_id and e.cause_id >= ?
            and e.operation in ('CONFIRM', 'CHARGE')
            and e.at > now() - interval '2 hours'
          window within_an_hour as (
            order by e.at range between interval '1 hour' preceding and current row)) paid
        where paid.payments > ? or paid.amount_minor > ?
        order by paid.at desc
        limit 1) used
      where w.wallet_id > ? and w.wallet_id <= ?
        and not exists (
          select from abnormal_use known
          where known.wallet_id = w.wallet_id and known.hour = date_trunc('hour', now(), 'UTC'))
      """;

  /**
   * Wallets of a page that have paid too often or too much within sixty minutes, with the last of
   * those hours. Those that are flagged for this hour of the clock are left out.
   *
   * @param longestCause how long before a payment its cause may have begun
   */
  List<AbnormalUse> beyond(
      UUID after, UUID last, long mostPayments, long mostMinor, Duration longestCause) {
    var earliestCause = UuidV7.lowestAt(Instant.now().minus(longestCause).minusSeconds(2 * 3600));
    return jdbc.sql(BEYOND)
        .params(earliestCause, mostPayments, mostMinor, after, last)
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
