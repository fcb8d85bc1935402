package io.holdfast.inventory;

import io.holdfast.contracts.inventory.InventoryContract;
import java.time.Duration;
import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Reads the totals of stock and what they must be, in one statement and so as of one moment. Writes
 * nothing and locks nothing.
 */
class StockCheckStore {

  private final JdbcClient jdbc;
  private final TransactionTemplate transactions;

  StockCheckStore(JdbcClient jdbc, TransactionTemplate transactions) {
    this.jdbc = jdbc;
    this.transactions = transactions;
  }

  /** Where pieces are, or must be. */
  record Totals(long available, long held, long sold, long received, long adjusted) {}

  /**
   * A good to be compared.
   *
   * @param stored as its row says
   * @param rebuilt as its entries add up to
   * @param entries how many there are
   * @param reserved pieces in open reservations, which must be those held
   */
  record Compared(String sku, Totals stored, Totals rebuilt, long entries, long reserved) {}

  private static final String COMPARE =
      """
      with open as materialized (
        select line.key as sku, sum(line.value::bigint)::bigint as reserved
        from participant_fence
        cross join lateral jsonb_each_text(hold -> 'quantities') line
        where step = ? and state = 'TRIED' and next_action_at is not null
        group by line.key
      )
      select slice.sku, slice.available, slice.held, slice.sold, slice.received, slice.adjusted,
        journal.entries,
        journal.available as entries_available,
        journal.held as entries_held,
        journal.sold as entries_sold,
        journal.received as entries_received,
        journal.adjusted as entries_adjusted,
        coalesce((select reserved from open where open.sku = slice.sku), 0) as reserved
      from (
        select sku, available, held, sold, received, adjusted
        from stock
        where sku > ?
        order by sku
        limit ?
      ) slice
      cross join lateral (
        select count(*) as entries,
          coalesce(sum(available_delta), 0)::bigint as available,
          coalesce(sum(held_delta), 0)::bigint as held,
          coalesce(sum(sold_delta), 0)::bigint as sold,
          coalesce(sum(received_delta) filter (where operation = 'RECEIVE'), 0)::bigint as received,
          coalesce(sum(received_delta) filter (where operation <> 'RECEIVE'), 0)::bigint as adjusted
        from stock_entry
        where stock_entry.sku = slice.sku
      ) journal
      order by slice.sku
      """;

  private static final String LIMIT_TIME =
      """
      select set_config('statement_timeout', ?, true)
      """;

  /**
   * Goods behind {@code after} in the order of their SKUs.
   *
   * @throws org.springframework.dao.QueryTimeoutException if they have more entries than can be
   *     read in {@code timeLimit}
   */
  List<Compared> compare(String after, int limit, Duration timeLimit) {
    return transactions.execute(
        _ -> {
          jdbc.sql(LIMIT_TIME).param(timeLimit.toMillis() + "ms").query(String.class).single();
          return jdbc.sql(COMPARE)
              .params(InventoryContract.INVENTORY.name(), after, limit)
              .query(
                  (row, _) ->
                      new Compared(
                          row.getString("sku"),
                          new Totals(
                              row.getLong("available"),
                              row.getLong("held"),
                              row.getLong("sold"),
                              row.getLong("received"),
                              row.getLong("adjusted")),
                          new Totals(
                              row.getLong("entries_available"),
                              row.getLong("entries_held"),
                              row.getLong("entries_sold"),
                              row.getLong("entries_received"),
                              row.getLong("entries_adjusted")),
                          row.getLong("entries"),
                          row.getLong("reserved")))
              .list();
        });
  }

  private static final String NEXT =
      """
      select coalesce(min(sku), '') from stock
      where sku > ?
      """;

  /** The good behind {@code sku}; empty behind the last. */
  String next(String sku) {
    return jdbc.sql(NEXT).param(sku).query(String.class).single();
  }
}
