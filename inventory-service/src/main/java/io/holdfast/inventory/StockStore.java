package io.holdfast.inventory;

import static io.holdfast.messaging.SqlArrays.longs;
import static io.holdfast.messaging.SqlArrays.texts;
import static io.holdfast.messaging.SqlArrays.uuids;
import static java.util.stream.Collectors.toMap;

import io.holdfast.messaging.RedoBatch;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * The tables {@code stock}, {@code stock_receipt}, {@code stock_adjustment}, {@code stock_low} and
 * {@code stock_entry}. A batch of commands takes three statements whatever its size: lock, update,
 * insert entries; and one more for each good that it makes low. A receipt takes three.
 */
class StockStore {

  private final JdbcClient jdbc;

  StockStore(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  private static final String LOCK =
      """
      select sku, active, available, held, sold, received, adjusted, back_order_limit, low_stock_at
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
        row.getBoolean("active"),
        row.getLong("available"),
        row.getLong("held"),
        row.getLong("sold"),
        row.getLong("received"),
        row.getLong("adjusted"),
        row.getLong("back_order_limit"),
        row.getObject("low_stock_at", Long.class));
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
        sold = stock.sold + net.sold,
        adjusted = stock.adjusted + net.available + net.held + net.sold
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
      select cause_id, operation, sku, available, held, sold, available + held + sold
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

  private static final String INSERT_LOW =
      """
      insert into stock_low (cause_id, sku, available, low_stock_at)
      values (?, ?, ?, ?)
      """;

  /** Keeps on record what made a good low. */
  void recordLow(UUID cause, String sku, long available, long lowStockAt) {
    jdbc.sql(INSERT_LOW).params(cause, sku, available, lowStockAt).update();
  }

  private static final String MAKE_KNOWN =
      """
      insert into stock (sku, available, held, sold, received)
      values (?, 0, 0, 0, 0)
      on conflict do nothing
      """;

  /**
   * Makes a good known, without a piece of it.
   *
   * @return whether it was not known before
   */
  boolean makeKnown(String sku) {
    return jdbc.sql(MAKE_KNOWN).param(sku).update() == 1;
  }

  private static final String SET_TERMS =
      """
      update stock
      set active = ?, back_order_limit = ?, low_stock_at = ?
      where sku = ?
      """;

  /** Changes what is allowed with a good that is locked. */
  void setTerms(String sku, Stock.Terms terms) {
    int updated =
        jdbc.sql(SET_TERMS)
            .param(terms.active())
            .param(terms.backOrderLimit())
            .param(terms.lowStockAt())
            .param(sku)
            .update();
    RedoBatch.unlessAll("stock", updated, 1);
  }

  private static final String INSERT_RECEIPT =
      """
      with known as (
        insert into stock (sku, available, held, sold, received)
        values (?, 0, 0, 0, 0)
        on conflict do nothing
      )
      insert into stock_receipt (sku, reference, id, quantity, received_by)
      values (?, ?, ?, ?, ?)
      on conflict do nothing
      """;

  /**
   * Takes a receipt down, unless its reference is known; the first one makes the good known.
   *
   * @return whether it was not known before
   */
  boolean insertReceipt(String sku, UUID id, StockDesk.Receipt receipt) {
    return jdbc.sql(INSERT_RECEIPT)
            .params(sku, sku, receipt.reference(), id, receipt.quantity(), receipt.by())
            .update()
        == 1;
  }

  private static final String FIND_RECEIPT =
      """
      select quantity, reference, received_by
      from stock_receipt
      where sku = ? and reference = ?
      """;

  StockDesk.Receipt receipt(String sku, String reference) {
    return jdbc.sql(FIND_RECEIPT)
        .params(sku, reference)
        .query(
            (row, _) ->
                new StockDesk.Receipt(
                    row.getLong("quantity"),
                    row.getString("reference"),
                    row.getString("received_by")))
        .single();
  }

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

  /** Adds received pieces of a known good. */
  void receive(String sku, UUID receipt, long quantity) {
    jdbc.sql(RECEIVE).params(quantity, quantity, sku, receipt, sku, quantity, quantity).update();
  }

  private static final String INSERT_ADJUSTMENT =
      """
      insert into stock_adjustment (id, sku, reference, quantity_delta, reason, made_by)
      values (?, ?, ?, ?, ?, ?)
      """;

  private static final String ADJUST =
      """
      with adjusted as (
        update stock
        set available = available + ?, adjusted = adjusted + ?
        where sku = ?
      )
      insert into stock_entry
        (cause_id, operation, sku, available_delta, held_delta, sold_delta, received_delta)
      values (?, 'ADJUST', ?, ?, 0, 0, ?)
      """;

  /** Takes an adjustment of a locked good down, and makes it. */
  void adjust(String sku, UUID id, StockDesk.Adjustment adjustment) {
    long delta = adjustment.quantityDelta();
    jdbc.sql(INSERT_ADJUSTMENT)
        .params(id, sku, adjustment.reference(), delta, adjustment.reason(), adjustment.by())
        .update();
    jdbc.sql(ADJUST).params(delta, delta, sku, id, sku, delta, delta).update();
  }

  private static final String FIND_ADJUSTMENT =
      """
      select quantity_delta, reason, reference, made_by
      from stock_adjustment
      where sku = ? and reference = ?
      """;

  Optional<StockDesk.Adjustment> adjustment(String sku, String reference) {
    return jdbc.sql(FIND_ADJUSTMENT)
        .params(sku, reference)
        .query(
            (row, _) ->
                new StockDesk.Adjustment(
                    row.getLong("quantity_delta"),
                    row.getString("reason"),
                    row.getString("reference"),
                    row.getString("made_by")))
        .optional();
  }

  private static final String FIND =
      """
      select sku, active, available, held, sold, received, adjusted, back_order_limit, low_stock_at
      from stock
      where sku = ?
      """;

  Optional<Stock> find(String sku) {
    return jdbc.sql(FIND).param(sku).query(StockStore::read).optional();
  }

  private static final String LIST =
      """
      select sku, active, available, held, sold, received, adjusted, back_order_limit, low_stock_at
      from stock
      where sku > ?
      order by sku
      limit ?
      """;

  /** Goods behind {@code after} in the order of their SKUs. */
  List<Stock> list(String after, int limit) {
    return jdbc.sql(LIST).params(after, limit).query(StockStore::read).list();
  }

  /**
   * A movement as people see it.
   *
   * @param causeId the saga, receipt or adjustment
   * @param receivedDelta what came from outside or went there
   * @param reference of a receipt or adjustment
   * @param reason of an adjustment
   * @param by who reported a receipt or made an adjustment
   */
  record Movement(
      UUID causeId,
      String operation,
      long availableDelta,
      long heldDelta,
      long soldDelta,
      long receivedDelta,
      @Nullable String reference,
      @Nullable String reason,
      @Nullable String by,
      Instant at) {}

  private static final String ENTRIES =
      """
      select entry.*, coalesce(receipt.reference, adjustment.reference) as reference, adjustment.reason,
        coalesce(receipt.received_by, adjustment.made_by) as by
      from (
        select *
        from stock_entry
        where sku = ? and (cause_id, operation) < (?, ?)
        order by cause_id desc, operation desc
        limit ?
      ) entry
      left join stock_receipt receipt on receipt.id = entry.cause_id and entry.operation = 'RECEIVE'
      left join stock_adjustment adjustment
        on adjustment.id = entry.cause_id and entry.operation = 'ADJUST'
      order by entry.cause_id desc, entry.operation desc
      """;

  /** A good's movements whose cause began before {@code cursor}'s, the newest first. */
  List<Movement> entries(String sku, EntryCursor cursor, int limit) {
    return jdbc.sql(ENTRIES)
        .params(sku, cursor.causeId(), cursor.operation(), limit)
        .query(
            (row, _) ->
                new Movement(
                    row.getObject("cause_id", UUID.class),
                    row.getString("operation"),
                    row.getLong("available_delta"),
                    row.getLong("held_delta"),
                    row.getLong("sold_delta"),
                    row.getLong("received_delta"),
                    row.getString("reference"),
                    row.getString("reason"),
                    row.getString("by"),
                    row.getObject("at", OffsetDateTime.class).toInstant()))
        .list();
  }
}
