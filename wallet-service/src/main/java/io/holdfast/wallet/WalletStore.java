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
 * takes three statements whatever its size: lock, update, insert entries. A credit takes three.
 */
class WalletStore {

  private final JdbcClient jdbc;

  WalletStore(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  private static final String LOCK =
      """
      select wallet_id, currency, available_minor, held_minor, spent_minor, credited_minor
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
    return jdbc.sql(LOCK).param(uuids(walletIds)).query(WalletStore::read).list().stream()
        .collect(toMap(Wallet::walletId, wallet -> wallet));
  }

  private static Wallet read(ResultSet row, int number) throws SQLException {
    return new Wallet(
        row.getObject("wallet_id", UUID.class),
        row.getString("currency"),
        row.getLong("available_minor"),
        row.getLong("held_minor"),
        row.getLong("spent_minor"),
        row.getLong("credited_minor"));
  }

  /** Writes these movements of wallets that are locked. */
  void save(List<WalletEntry> entries) {
    if (entries.isEmpty()) {
      return;
    }
    var net = new TreeMap<UUID, WalletEntry>();
    entries.forEach(entry -> net.merge(entry.walletId(), entry, WalletStore::sum));
    net.values().removeIf(WalletStore::isNothing);
    update(List.copyOf(net.values()));
    insert(entries);
  }

  private static WalletEntry sum(WalletEntry one, WalletEntry other) {
    return new WalletEntry(
        one.causeId(),
        one.operation(),
        one.walletId(),
        one.availableDelta() + other.availableDelta(),
        one.heldDelta() + other.heldDelta(),
        one.spentDelta() + other.spentDelta());
  }

  private static boolean isNothing(WalletEntry entry) {
    return entry.availableDelta() == 0 && entry.heldDelta() == 0 && entry.spentDelta() == 0;
  }

  private static final String UPDATE =
      """
      update wallet
      set available_minor = available_minor + net.available,
        held_minor = held_minor + net.held,
        spent_minor = spent_minor + net.spent
      from unnest(?::uuid[], ?::bigint[], ?::bigint[], ?::bigint[])
        net (wallet_id, available, held, spent)
      where wallet.wallet_id = net.wallet_id
      """;

  private void update(List<WalletEntry> net) {
    if (net.isEmpty()) {
      return;
    }
    int updated =
        jdbc.sql(UPDATE)
            .params(
                uuids(net, WalletEntry::walletId),
                longs(net, WalletEntry::availableDelta),
                longs(net, WalletEntry::heldDelta),
                longs(net, WalletEntry::spentDelta))
            .update();
    RedoBatch.unlessAll("wallets", updated, net.size());
  }

  private static final String INSERT =
      """
      insert into wallet_entry
        (cause_id, operation, wallet_id, available_delta, held_delta, spent_delta, credited_delta)
      select cause_id, operation, wallet_id, available, held, spent, 0
      from unnest(?::uuid[], ?::text[], ?::uuid[], ?::bigint[], ?::bigint[], ?::bigint[])
        entry (cause_id, operation, wallet_id, available, held, spent)
      """;

  private void insert(List<WalletEntry> entries) {
    jdbc.sql(INSERT)
        .params(
            uuids(entries, WalletEntry::causeId),
            texts(entries, entry -> entry.operation().name()),
            uuids(entries, WalletEntry::walletId),
            longs(entries, WalletEntry::availableDelta),
            longs(entries, WalletEntry::heldDelta),
            longs(entries, WalletEntry::spentDelta))
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

  /** The update that changes nothing locks the wallet and returns its currency. */
  private static final String OPEN =
      """
      insert into wallet
        (wallet_id, currency, available_minor, held_minor, spent_minor, credited_minor)
      values (?, ?, 0, 0, 0, 0)
      on conflict (wallet_id) do update set currency = wallet.currency
      returning currency
      """;

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

  private static final String CREDIT =
      """
      with credited as (
        update wallet
        set available_minor = available_minor + ?, credited_minor = credited_minor + ?
        where wallet_id = ?
      )
      insert into wallet_entry
        (cause_id, operation, wallet_id, available_delta, held_delta, spent_delta, credited_delta)
      values (?, 'CREDIT', ?, ?, 0, 0, ?)
      """;

  /** Adds money to a wallet, once for each reference; the first credit opens the wallet. */
  @Transactional
  Credit credit(UUID walletId, String reference, long amountMinor, String currency) {
    String walletCurrency = jdbc.sql(OPEN).params(walletId, currency).query(String.class).single();
    if (!walletCurrency.equals(currency)) {
      return Credit.OTHER_CURRENCY;
    }
    var id = UuidV7.next();
    int inserted = jdbc.sql(INSERT_CREDIT).params(walletId, reference, id, amountMinor).update();
    if (inserted == 0) {
      long known = jdbc.sql(CREDIT_AMOUNT).params(walletId, reference).query(Long.class).single();
      return known == amountMinor ? Credit.CREDITED : Credit.OTHER_AMOUNT;
    }
    jdbc.sql(CREDIT)
        .params(amountMinor, amountMinor, walletId, id, walletId, amountMinor, amountMinor)
        .update();
    return Credit.CREDITED;
  }

  private static final String FIND =
      """
      select wallet_id, currency, available_minor, held_minor, spent_minor, credited_minor
      from wallet
      where wallet_id = ?
      """;

  Optional<Wallet> find(UUID walletId) {
    return jdbc.sql(FIND).param(walletId).query(WalletStore::read).optional();
  }
}
