package io.holdfast.wallet;

import static io.holdfast.messaging.SqlArrays.ints;
import static io.holdfast.messaging.SqlArrays.longs;
import static io.holdfast.messaging.SqlArrays.texts;
import static io.holdfast.messaging.SqlArrays.uuids;
import static java.util.stream.Collectors.toMap;

import io.holdfast.messaging.RedoBatch;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * The tables {@code voucher} and {@code voucher_use}. A batch that names a voucher takes three
 * statements whatever its size: lock, update, write uses; any other takes none.
 */
final class VoucherStore {

  private final JdbcClient jdbc;

  VoucherStore(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  private static final String ISSUE =
      """
      insert into voucher (code, amount_minor, currency, uses, minimum_minor, expires_at)
      values (?, ?, ?, ?, ?, ?)
      on conflict do nothing
      """;

  /**
   * @return false if there is a voucher of this code
   */
  boolean issue(
      String code,
      long amountMinor,
      String currency,
      int uses,
      long minimumMinor,
      Instant expiresAt) {
    return jdbc.sql(ISSUE)
            .params(
                code, amountMinor, currency, uses, minimumMinor, expiresAt.atOffset(ZoneOffset.UTC))
            .update()
        == 1;
  }

  private static final String FIND =
      """
      select code, amount_minor, currency, uses, minimum_minor, expires_at,
        expires_at <= now() as expired, reserved, redeemed
      from voucher
      where code = ?
      """;

  Optional<Voucher> find(String code) {
    return jdbc.sql(FIND).param(code).query(VoucherStore::read).optional();
  }

  private static final String LOCK =
      """
      select code, amount_minor, currency, uses, minimum_minor, expires_at,
        expires_at <= now() as expired, reserved, redeemed
      from voucher
      where code = any(?::text[])
      order by code
      for no key update
      """;

  /** These vouchers, locked in the order of their codes; unknown ones are left out. */
  Map<String, Voucher> lock(Collection<String> codes) {
    if (codes.isEmpty()) {
      return Map.of();
    }
    return jdbc.sql(LOCK).param(texts(codes)).query(VoucherStore::read).list().stream()
        .collect(toMap(Voucher::code, voucher -> voucher));
  }

  private static Voucher read(ResultSet row, int number) throws SQLException {
    return new Voucher(
        row.getString("code"),
        row.getLong("amount_minor"),
        row.getString("currency"),
        row.getInt("uses"),
        row.getLong("minimum_minor"),
        row.getObject("expires_at", OffsetDateTime.class).toInstant(),
        row.getBoolean("expired"),
        row.getInt("reserved"),
        row.getInt("redeemed"));
  }

  private static final String UPDATE =
      """
      update voucher
      set reserved = voucher.reserved + changed.reserved,
        redeemed = voucher.redeemed + changed.redeemed
      from unnest(?::text[], ?::int[], ?::int[]) changed (code, reserved, redeemed)
      where voucher.code = changed.code
      """;

  private static final String WRITE_USES =
      """
      insert into voucher_use (cause_id, code, wallet_id, amount_minor, state)
      select cause_id, code, wallet_id, amount, state
      from unnest(?::uuid[], ?::text[], ?::uuid[], ?::bigint[], ?::text[])
        used (cause_id, code, wallet_id, amount, state)
      on conflict (cause_id) do update
      set state = excluded.state, changed_at = now()
      """;

  /** What changes in the counts of a voucher. */
  record Change(String code, int reserved, int redeemed) {

    boolean isNothing() {
      return reserved == 0 && redeemed == 0;
    }
  }

  /** Writes changes of vouchers that are locked, and who uses them. */
  void save(List<Change> changed, List<VoucherUse> uses) {
    if (!changed.isEmpty()) {
      int updated =
          jdbc.sql(UPDATE)
              .params(
                  texts(changed, Change::code),
                  ints(changed, Change::reserved),
                  ints(changed, Change::redeemed))
              .update();
      RedoBatch.unlessAll("vouchers", updated, changed.size());
    }
    if (uses.isEmpty()) {
      return;
    }
    jdbc.sql(WRITE_USES)
        .params(
            uuids(uses, VoucherUse::causeId),
            texts(uses, VoucherUse::code),
            uuids(uses, VoucherUse::walletId),
            longs(uses, VoucherUse::amountMinor),
            texts(uses, use -> use.state().name()))
        .update();
  }
}
