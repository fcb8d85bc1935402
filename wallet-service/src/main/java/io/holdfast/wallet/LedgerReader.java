package io.holdfast.wallet;

import io.holdfast.wallet.WalletEntry.Operation;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Reads entries: statements, and what totals are when they are rebuilt. */
final class LedgerReader {

  private static final UUID FIRST = new UUID(0, 0);
  private static final UUID LAST = new UUID(-1, -1);

  private final JdbcClient jdbc;

  LedgerReader(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  /** One line of a statement. */
  record Line(
      UUID causeId,
      Operation operation,
      Account debit,
      Account credit,
      long amountMinor,
      Instant at) {}

  private static final String STATEMENT =
      """
      select cause_id, operation, debit_account, credit_account, amount_minor, at
      from wallet_entry
      where wallet_id = ? and (cause_id, operation) < (?, ?)
      order by cause_id desc, operation desc
      limit ?
      """;

  /** A wallet's entries, those of the newest cause first, behind {@code after} if it is given. */
  List<Line> statement(UUID walletId, @Nullable UUID afterCause, String afterOperation, int limit) {
    return jdbc.sql(STATEMENT)
        .params(walletId, afterCause == null ? LAST : afterCause, afterOperation, limit)
        .query(
            (row, _) ->
                new Line(
                    row.getObject("cause_id", UUID.class),
                    Operation.valueOf(row.getString("operation")),
                    Account.valueOf(row.getString("debit_account")),
                    Account.valueOf(row.getString("credit_account")),
                    row.getLong("amount_minor"),
                    row.getObject("at", OffsetDateTime.class).toInstant()))
        .list();
  }

  /**
   * A wallet as its row says and as its entries say.
   *
   * @param entries how many there are
   */
  record Compared(Wallet stored, Wallet rebuilt, long entries) {

    boolean isSame() {
      return stored.equals(rebuilt);
    }
  }

  private static final String COMPARE_PAGE =
      """
      select w.wallet_id, w.currency,
        w.available_minor, w.held_minor, w.spent_minor, w.withdrawn_minor, w.credited_minor,
        w.refunded_minor,
        coalesce(r.available_minor, 0) as r_available_minor,
        coalesce(r.held_minor, 0) as r_held_minor,
        coalesce(r.spent_minor, 0) as r_spent_minor,
        coalesce(r.withdrawn_minor, 0) as r_withdrawn_minor,
        coalesce(r.credited_minor, 0) as r_credited_minor,
        coalesce(r.refunded_minor, 0) as r_refunded_minor,
        coalesce(r.entries, 0) as entries
      from (select * from wallet where wallet_id %s ? order by wallet_id limit ?) w
      left join lateral (select * from wallet_rebuilt r where r.wallet_id = w.wallet_id) r on true
      order by w.wallet_id
      """;

  private static final String COMPARE_FIRST = COMPARE_PAGE.formatted(">=");
  private static final String COMPARE_NEXT = COMPARE_PAGE.formatted(">");

  /** The next wallets by id. One statement, so that rows and entries are of the same moment. */
  List<Compared> compare(@Nullable UUID after, int limit) {
    return jdbc.sql(after == null ? COMPARE_FIRST : COMPARE_NEXT)
        .params(after == null ? FIRST : after, limit)
        .query((row, _) -> new Compared(wallet(row, ""), wallet(row, "r_"), row.getLong("entries")))
        .list();
  }

  private static Wallet wallet(ResultSet row, String prefix) throws SQLException {
    return new Wallet(
        row.getObject("wallet_id", UUID.class),
        row.getString("currency"),
        row.getLong(prefix + "available_minor"),
        row.getLong(prefix + "held_minor"),
        row.getLong(prefix + "spent_minor"),
        row.getLong(prefix + "withdrawn_minor"),
        row.getLong(prefix + "credited_minor"),
        row.getLong(prefix + "refunded_minor"));
  }

  private static final String DIFFERING_VOUCHERS =
      """
      select v.code
      from voucher v
      left join lateral (
        select count(*) filter (where u.state = 'RESERVED') as reserved,
          count(*) filter (where u.state = 'REDEEMED') as redeemed,
          bool_and(coalesce(e.held, 0) = case u.state when 'RESERVED' then u.amount_minor else 0 end
            and coalesce(e.spent, 0) = case u.state when 'REDEEMED' then u.amount_minor else 0 end)
            as as_entries_say
        from voucher_use u
        left join lateral (
          select
            sum(case 'VOUCHER_HELD' when credit_account then amount_minor
              when debit_account then -amount_minor else 0 end) as held,
            sum(case 'VOUCHER_SPENT' when credit_account then amount_minor else 0 end) as spent
          from wallet_entry e
          where e.wallet_id = u.wallet_id and e.cause_id = u.cause_id) e on true
        where u.code = v.code) u on true
      where v.reserved <> coalesce(u.reserved, 0) or v.redeemed <> coalesce(u.redeemed, 0)
        or not coalesce(u.as_entries_say, true)
      limit ?
      """;

  /** Vouchers whose counts are not what their uses and entries say. */
  List<String> differingVouchers(int limit) {
    return jdbc.sql(DIFFERING_VOUCHERS).param(limit).query((row, _) -> row.getString(1)).list();
  }

  private static final String DIFFERING_QUOTAS =
      """
      select q.wallet_id || ' ' || q.service || ' ' || q.month
      from wallet_quota q
      left join lateral (
        select
          sum(case operation when 'HOLD' then units when 'CHARGE' then 0 else -units end) as held,
          sum(case when operation in ('CONFIRM', 'CHARGE') then units else 0 end) as used
        from quota_entry e
        where e.wallet_id = q.wallet_id and e.service = q.service and e.month = q.month) e on true
      where q.held <> coalesce(e.held, 0) or q.used <> coalesce(e.used, 0)
      limit ?
      """;

  /** Quotas whose counts are not what their entries say. */
  List<String> differingQuotas(int limit) {
    return jdbc.sql(DIFFERING_QUOTAS).param(limit).query((row, _) -> row.getString(1)).list();
  }
}
