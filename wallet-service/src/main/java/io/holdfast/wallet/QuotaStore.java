package io.holdfast.wallet;

import static io.holdfast.messaging.SqlArrays.longs;
import static io.holdfast.messaging.SqlArrays.texts;
import static io.holdfast.messaging.SqlArrays.uuids;

import io.holdfast.messaging.RedoBatch;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * The tables {@code wallet_quota} and {@code quota_entry}. A batch that uses free quota takes five
 * statements at most, whatever its size: make this month's rows, which month it is, lock, update,
 * insert entries; any other takes none.
 */
final class QuotaStore {

  private static final Comparator<Of> ORDER =
      Comparator.comparing(Of::walletId).thenComparing(Of::service);

  private final JdbcClient jdbc;
  private final Map<String, WalletProperties.Service> services;

  QuotaStore(JdbcClient jdbc, Map<String, WalletProperties.Service> services) {
    this.jdbc = jdbc;
    this.services = Map.copyOf(services);
  }

  /** Whose quota of what. */
  record Of(UUID walletId, String service) {}

  /**
   * Quotas that are locked.
   *
   * @param month which one this transaction is in
   */
  record Locked(LocalDate month, Map<Quota.Key, Quota> quotas) {}

  private static final String OPEN =
      """
      insert into wallet_quota (wallet_id, service, month, allowance)
      select wallet_id, service, quota_month(), allowance
      from unnest(?::uuid[], ?::text[], ?::bigint[]) opened (wallet_id, service, allowance)
      order by wallet_id, service
      on conflict do nothing
      """;

  private static final String LOCK =
      """
      select q.wallet_id, q.service, q.month, q.allowance, q.held, q.used
      from wallet_quota q
      where (q.wallet_id, q.service, q.month) in (
        select wallet_id, service, month::date
        from unnest(?::uuid[], ?::text[], ?::text[]) wanted (wallet_id, service, month))
      order by q.wallet_id, q.service, q.month
      for no key update
      """;

  private static final String MONTH =
      """
      select quota_month()
      """;

  /**
   * Locks this month's quotas of {@code asked}, made where they are missing, and those of {@code
   * held}. What has no free quota is left out.
   */
  Locked lock(Collection<Of> asked, Collection<Quota.Key> held) {
    var free = new TreeSet<>(ORDER);
    asked.stream().filter(of -> services.containsKey(of.service())).forEach(free::add);
    var opened = List.copyOf(free);
    var wanted = new ArrayList<Quota.Key>(held);
    if (opened.isEmpty() && wanted.isEmpty()) {
      return new Locked(LocalDate.EPOCH, Map.of());
    }
    if (!opened.isEmpty()) {
      jdbc.sql(OPEN)
          .params(
              uuids(opened, Of::walletId),
              texts(opened, Of::service),
              longs(opened, of -> allowance(of.service())))
          .update();
    }
    var month = jdbc.sql(MONTH).query(LocalDate.class).single();
    opened.forEach(of -> wanted.add(new Quota.Key(of.walletId(), of.service(), month)));
    var quotas = new HashMap<Quota.Key, Quota>();
    jdbc.sql(LOCK)
        .params(
            uuids(wanted, Quota.Key::walletId),
            texts(wanted, Quota.Key::service),
            texts(wanted, key -> key.month().toString()))
        .query(QuotaStore::read)
        .list()
        .forEach(quota -> quotas.put(quota.key(), quota));
    return new Locked(month, quotas);
  }

  private long allowance(String service) {
    var settings = services.get(service);
    return settings == null ? 0 : settings.allowance();
  }

  private static Quota read(ResultSet row, int number) throws SQLException {
    return new Quota(
        new Quota.Key(
            row.getObject("wallet_id", UUID.class),
            row.getString("service"),
            row.getObject("month", LocalDate.class)),
        row.getLong("allowance"),
        row.getLong("held"),
        row.getLong("used"));
  }

  private static final String FREE =
      """
      select allowance - held - used
      from wallet_quota
      where wallet_id = ? and service = ? and month = quota_month()
      """;

  /** How many free units are left this month, made or not. */
  long free(UUID walletId, String service) {
    return jdbc.sql(FREE)
        .params(walletId, service)
        .query(Long.class)
        .optional()
        .orElseGet(() -> allowance(service));
  }

  private static final String UPDATE =
      """
      update wallet_quota q
      set held = q.held + changed.held, used = q.used + changed.used
      from unnest(?::uuid[], ?::text[], ?::text[], ?::bigint[], ?::bigint[])
        changed (wallet_id, service, month, held, used)
      where q.wallet_id = changed.wallet_id and q.service = changed.service
        and q.month = changed.month::date
      """;

  private static final String INSERT =
      """
      insert into quota_entry (wallet_id, service, month, cause_id, operation, units)
      select wallet_id, service, month::date, cause_id, operation, units
      from unnest(?::uuid[], ?::text[], ?::text[], ?::uuid[], ?::text[], ?::bigint[])
        entry (wallet_id, service, month, cause_id, operation, units)
      """;

  /** What changes in a quota. */
  record Change(Quota.Key key, long held, long used) {

    boolean isNothing() {
      return held == 0 && used == 0;
    }
  }

  /** Writes changes of quotas that are locked, and what moved them. */
  void save(List<Change> changed, List<QuotaEntry> entries) {
    if (!changed.isEmpty()) {
      int updated =
          jdbc.sql(UPDATE)
              .params(
                  uuids(changed, change -> change.key().walletId()),
                  texts(changed, change -> change.key().service()),
                  texts(changed, change -> change.key().month().toString()),
                  longs(changed, Change::held),
                  longs(changed, Change::used))
              .update();
      RedoBatch.unlessAll("quotas", updated, changed.size());
    }
    if (entries.isEmpty()) {
      return;
    }
    jdbc.sql(INSERT)
        .params(
            uuids(entries, entry -> entry.key().walletId()),
            texts(entries, entry -> entry.key().service()),
            texts(entries, entry -> entry.key().month().toString()),
            uuids(entries, QuotaEntry::causeId),
            texts(entries, entry -> entry.operation().name()),
            longs(entries, QuotaEntry::units))
        .update();
  }
}
