package io.holdfast.wallet;

import static io.holdfast.messaging.SqlArrays.longs;
import static io.holdfast.messaging.SqlArrays.texts;
import static io.holdfast.messaging.SqlArrays.uuids;
import static java.util.stream.Collectors.toMap;

import io.holdfast.messaging.RedoBatch;
import io.holdfast.messaging.UuidV7;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.annotation.Transactional;

/**
 * The tables {@code wallet}, {@code wallet_credit} and {@code wallet_entry}. A batch of commands
 * takes three statements whatever its size: lock, update, insert entries. A credit takes five.
 *
 * <p>Rows of this service are locked in one order: wallets, then withdrawals, refunds or holds,
 * then vouchers, then quotas; each by its key.
 */
class WalletStore {

  private final JdbcClient jdbc;
  private final WalletMetrics metrics;

  WalletStore(JdbcClient jdbc, WalletMetrics metrics) {
    this.jdbc = jdbc;
    this.metrics = metrics;
  }

  private static final String LOCK =
      """
      select wallet_id, currency, available_minor, held_minor, spent_minor, withdrawn_minor,
        credited_minor, refunded_minor
      from wallet
      where wallet_id = any(?::uuid[])
      order by wallet_id
      for no key update
      """;

  /** These wallets, locked in the order of their ids; unknown ones are left out. */
  Map<UUID, Wallet> lock(Collection<UUID> walletIds) {
    if (walletIds.isEmpty()) {
      return Map.of();
    }
    return metrics.lockWait(
        () ->
            jdbc.sql(LOCK).param(uuids(walletIds)).query(WalletStore::read).list().stream()
                .collect(toMap(Wallet::walletId, wallet -> wallet)));
  }

  /** This wallet, locked; an empty one that is not stored if there is none. */
  Wallet lock(UUID walletId, String currency) {
    return lock(List.of(walletId)).getOrDefault(walletId, Wallet.empty(walletId, currency));
  }

  private static Wallet read(ResultSet row, int number) throws SQLException {
    return new Wallet(
        row.getObject("wallet_id", UUID.class),
        row.getString("currency"),
        row.getLong("available_minor"),
        row.getLong("held_minor"),
        row.getLong("spent_minor"),
        row.getLong("withdrawn_minor"),
        row.getLong("credited_minor"),
        row.getLong("refunded_minor"));
  }

  /** Writes these movements of wallets that are locked. */
  void save(List<WalletEntry> entries) {
    if (entries.isEmpty()) {
      return;
    }
    var net = new TreeMap<UUID, WalletChange>();
    entries.forEach(
        entry -> net.merge(entry.walletId(), WalletChange.of(entry), WalletChange::plus));
    net.values().removeIf(WalletChange::isNothing);
    update(List.copyOf(net.values()));
    insert(entries);
  }

  private static final String UPDATE =
      """
      update wallet
      set available_minor = available_minor + net.available,
        held_minor = held_minor + net.held,
        spent_minor = spent_minor + net.spent,
        withdrawn_minor = withdrawn_minor + net.withdrawn,
        credited_minor = credited_minor + net.credited,
        refunded_minor = refunded_minor + net.refunded
      from unnest(?::uuid[], ?::bigint[], ?::bigint[], ?::bigint[], ?::bigint[], ?::bigint[],
          ?::bigint[])
        net (wallet_id, available, held, spent, withdrawn, credited, refunded)
      where wallet.wallet_id = net.wallet_id
      """;

  private void update(List<WalletChange> net) {
    if (net.isEmpty()) {
      return;
    }
    int updated =
        jdbc.sql(UPDATE)
            .params(
                uuids(net, WalletChange::walletId),
                longs(net, WalletChange::available),
                longs(net, WalletChange::held),
                longs(net, WalletChange::spent),
                longs(net, WalletChange::withdrawn),
                longs(net, WalletChange::credited),
                longs(net, WalletChange::refunded))
            .update();
    RedoBatch.unlessAll("wallets", updated, net.size());
  }

  private static final String INSERT =
      """
      insert into wallet_entry
        (wallet_id, cause_id, operation, debit_account, credit_account, amount_minor)
      select wallet_id, cause_id, operation, debit, credit, amount
      from unnest(?::uuid[], ?::uuid[], ?::text[], ?::text[], ?::text[], ?::bigint[])
        entry (wallet_id, cause_id, operation, debit, credit, amount)
      """;

  private void insert(List<WalletEntry> entries) {
    jdbc.sql(INSERT)
        .params(
            uuids(entries, WalletEntry::walletId),
            uuids(entries, WalletEntry::causeId),
            texts(entries, entry -> entry.operation().name()),
            texts(entries, entry -> entry.operation().debit().name()),
            texts(entries, entry -> entry.operation().credit().name()),
            longs(entries, WalletEntry::amountMinor))
        .update();
  }

  /** What became of a credit. */
  enum Credit {
    /** Credited, now or at an earlier report. */
    CREDITED,
    /** The same reference was reported with another amount: not credited. */
    OTHER_AMOUNT,
    /** The wallet is in another currency: not credited. */
    OTHER_CURRENCY
  }

  private static final String OPEN =
      """
      insert into wallet
        (wallet_id, currency, available_minor, held_minor, spent_minor, credited_minor)
      select wallet_id, currency, 0, 0, 0, 0
      from unnest(?::uuid[], ?::text[]) opened (wallet_id, currency)
      order by wallet_id
      on conflict do nothing
      """;

  /** Makes wallets that are not there yet; whoever races for one finds the other's. */
  void open(Map<UUID, String> currencies) {
    if (!currencies.isEmpty()) {
      var opened = List.copyOf(new TreeMap<>(currencies).entrySet());
      jdbc.sql(OPEN)
          .params(uuids(opened, Map.Entry::getKey), texts(opened, Map.Entry::getValue))
          .update();
    }
  }

  private static final String INSERT_CREDIT =
      """
      insert into wallet_credit (wallet_id, reference, id, amount_minor)
      values (?, ?, ?, ?)
      on conflict do nothing
      """;

  private static final String CREDIT_AMOUNT =
      """
      select amount_minor from wallet_credit
      where wallet_id = ? and reference = ?
      """;

  /** Adds money to a wallet, once for each reference; the first credit opens the wallet. */
  @Transactional
  Credit credit(UUID walletId, String reference, long amountMinor, String currency) {
    open(Map.of(walletId, currency));
    if (!lock(walletId, currency).currency().equals(currency)) {
      return Credit.OTHER_CURRENCY;
    }
    var id = UuidV7.next();
    int inserted = jdbc.sql(INSERT_CREDIT).params(walletId, reference, id, amountMinor).update();
    if (inserted == 0) {
      long known = jdbc.sql(CREDIT_AMOUNT).params(walletId, reference).query(Long.class).single();
      if (known == amountMinor) {
        metrics.racePrevented("credit");
        return Credit.CREDITED;
      }
      return Credit.OTHER_AMOUNT;
    }
    save(List.of(new WalletEntry(id, WalletEntry.Operation.CREDIT, walletId, amountMinor)));
    return Credit.CREDITED;
  }

  private static final String FIND =
      """
      select wallet_id, currency, available_minor, held_minor, spent_minor, withdrawn_minor,
        credited_minor, refunded_minor
      from wallet
      where wallet_id = ?
      """;

  Optional<Wallet> find(UUID walletId) {
    return jdbc.sql(FIND).param(walletId).query(WalletStore::read).optional();
  }
}
