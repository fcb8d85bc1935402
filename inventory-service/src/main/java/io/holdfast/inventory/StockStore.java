package io.holdfast.inventory;

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
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.annotation.Transactional;

/**
 * The tables {@code stock}, {@code stock_receipt} and {@code stock_entry}. A batch of commands
 * takes three statements whatever its size: lock, update, insert entries. A receipt takes three.
 */
class StockStore {

  private final JdbcClient jdbc;

  StockStore(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  private static final String LOCK =
      """
      select sku, available, held, sold, received
      from stock
      where sku = any(?::text[])
      order by sku
      for no key update
      """;

  /** The stock of these goods, locked in the order of their SKUs; unknown ones are left out. */
  Map<String, Stock> lock(Collection<String> skus) {
    if (skus.isEmpty()) {
      return Map.of();
    }
    return jdbc.sql(LOCK).param(texts(skus)).query(StockStore::read).list().stream()
        .collect(toMap(Stock::sku, stock -> stock));
  }

  private static Stock read(ResultSet row, int number) throws SQLException {
    return new Stock(
        row.getString("sku"),
        row.getLong("available"),
        row.getLong("held"),
        row.getLong("sold"),
        row.getLong("received"));
  }

  /** Writes these movements of goods that are locked. */
  void save(List<StockEntry> entries) {
    if (entries.isEmpty()) {
      return;
    }
    var net = new TreeMap<String, StockEntry>();
    entries.forEach(entry -> net.merge(entry.sku(), entry, StockStore::sum));
    net.values().removeIf(StockStore::isNothing);
    update(List.copyOf(net.values()));
    insert(entries);
  }

  private static StockEntry sum(StockEntry one, StockEntry other) {
    return new StockEntry(
        one.causeId(),
        one.operation(),
        one.sku(),
        one.availableDelta() + other.availableDelta(),
        one.heldDelta() + other.heldDelta(),
        one.soldDelta() + other.soldDelta());
  }

  private static boolean isNothing(StockEntry entry) {
    return entry.availableDelta() == 0 && entry.heldDelta() == 0 && entry.soldDelta() == 0;
  }

  private static final String UPDATE =
      """
      update stock
      set available = stock.available + net.available,
        held = stock.held + net.held,
        sold = stock.sold + net.sold
      from unnest(?::text[], ?::bigint[], ?::bigint[], ?::bigint[]) net (sku, available, held, sold)
      where stock.sku = net.sku
      """;

  private void update(List<StockEntry> net) {
    if (net.isEmpty()) {
      return;
    }
    int updated =
        jdbc.sql(UPDATE)
            .params(
                texts(net, StockEntry::sku),
                longs(net, StockEntry::availableDelta),
                longs(net, StockEntry::heldDelta),
                longs(net, StockEntry::soldDelta))
            .update();
    RedoBatch.unlessAll("stock", updated, net.size());
  }

  private static final String INSERT =
      """
      insert into stock_entry
        (cause_id, operation, sku, available_delta, held_delta, sold_delta, received_delta)
      select cause_id, operation, sku, available, held, sold, 0
      from unnest(?::uuid[], ?::text[], ?::text[], ?::bigint[], ?::bigint[], ?::bigint[])
        entry (cause_id, operation, sku, available, held, sold)
      """;

  private void insert(List<StockEntry> entries) {
    jdbc.sql(INSERT)
        .params(
            uuids(entries, StockEntry::causeId),
            texts(entries, entry -> entry.operation().name()),
            texts(entries, StockEntry::sku),
            longs(entries, StockEntry::availableDelta),
            longs(entries, StockEntry::heldDelta),
            longs(entries, StockEntry::soldDelta))
        .update();
  }

  /** What became of a report of received goods. */
  enum Receipt {
    /** Counted, now or at an earlier report. */
    COUNTED,
    /** The same reference was reported with another quantity: not counted. */
    OTHER_QUANTITY
  }

  private static final String INSERT_RECEIPT =
      """
      with known as (
        insert into stock (sku, available, held, sold, received)
        values (?, 0, 0, 0, 0)
        on conflict do nothing
      )
      insert into stock_receipt (sku, reference, id, quantity)
      values (?, ?, ?, ?)
      on conflict do nothing
      """;

  private static final String RECEIPT_QUANTITY =
      """
      select quantity from stock_receipt
      where sku = ? and reference = ?
      """;

  private static final String RECEIVE =
      """
      with received as (
        update stock
        set available = available + ?, received = received + ?
        where sku = ?
      )
      insert into stock_entry
        (cause_id, operation, sku, available_delta, held_delta, sold_delta, received_delta)
      values (?, 'RECEIVE', ?, ?, 0, 0, ?)
      """;

  /** Adds received pieces of a good, once for each reference; the first ones make it known. */
  @Transactional
  Receipt receive(String sku, String reference, long quantity) {
    var id = UuidV7.next();
    int inserted = jdbc.sql(INSERT_RECEIPT).params(sku, sku, reference, id, quantity).update();
    if (inserted == 0) {
      long known = jdbc.sql(RECEIPT_QUANTITY).params(sku, reference).query(Long.class).single();
      return known == quantity ? Receipt.COUNTED : Receipt.OTHER_QUANTITY;
    }
    jdbc.sql(RECEIVE).params(quantity, quantity, sku, id, sku, quantity, quantity).update();
    return Receipt.COUNTED;
  }

  private static final String FIND =
      """
      select sku, available, held, sold, received
      from stock
      where sku = ?
      """;

  Optional<Stock> find(String sku) {
    return jdbc.sql(FIND).param(sku).query(StockStore::read).optional();
  }

  private static final String LIST =
      """
      select sku, available, held, sold, received
      from stock
      where sku > ?
      order by sku
      limit ?
      """;

  /** Goods behind {@code after} in the order of their SKUs. */
  List<Stock> list(String after, int limit) {
    return jdbc.sql(LIST).params(after, limit).query(StockStore::read).list();
  }
}
