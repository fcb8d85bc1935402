package io.holdfast.inventory;

import static io.holdfast.messaging.SqlArrays.longs;
import static io.holdfast.messaging.SqlArrays.texts;
import static io.holdfast.messaging.SqlArrays.uuids;

import io.holdfast.messaging.RedoBatch;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * The table {@code order_goods}. Three statements a batch, whatever its size: make known from the
 * journal, lock, update.
 */
final class OrderGoodsStore {

  private final JdbcClient jdbc;

  OrderGoodsStore(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  private static final String MAKE_KNOWN =
      """
      insert into order_goods (order_id, sku, sold)
      select entry.cause_id, entry.sku, entry.sold_delta
      from unnest(?::uuid[], ?::text[]) asked (order_id, sku)
      join stock_entry entry
        on entry.sku = asked.sku and entry.cause_id = asked.order_id and entry.operation = 'CONFIRM'
      order by entry.cause_id, entry.sku
      on conflict do nothing
      """;

  private static final String LOCK =
      """
      select goods.order_id, goods.sku, goods.sold, goods.picked, goods.returned
      from unnest(?::uuid[], ?::text[]) asked (order_id, sku)
      join order_goods goods using (order_id, sku)
      order by goods.order_id, goods.sku
      for update of goods
      """;

  /** What was sold to orders, locked in the order of the keys; what was not sold is left out. */
  SortedMap<OrderGoods.Key, OrderGoods> lock(SortedSet<OrderGoods.Key> keys) {
    var locked = new TreeMap<OrderGoods.Key, OrderGoods>();
    if (keys.isEmpty()) {
      return locked;
    }
    var list = List.copyOf(keys);
    var orders = uuids(list, OrderGoods.Key::orderId);
    var skus = texts(list, OrderGoods.Key::sku);
    jdbc.sql(MAKE_KNOWN).params(orders, skus).update();
    jdbc.sql(LOCK)
        .params(orders, skus)
        .query(
            row -> {
              var goods =
                  new OrderGoods(
                      row.getObject("order_id", UUID.class),
                      row.getString("sku"),
                      row.getLong("sold"),
                      row.getLong("picked"),
                      row.getLong("returned"));
              locked.put(goods.key(), goods);
            });
    return locked;
  }

  private static final String UPDATE =
      """
      update order_goods goods
      set picked = changed.picked, returned = changed.returned
      from unnest(?::uuid[], ?::text[], ?::bigint[], ?::bigint[])
        changed (order_id, sku, picked, returned)
      where goods.order_id = changed.order_id and goods.sku = changed.sku
      """;

  /** Stores goods that are locked. */
  void save(List<OrderGoods> changed) {
    if (changed.isEmpty()) {
      return;
    }
    int updated =
        jdbc.sql(UPDATE)
            .params(
                uuids(changed, OrderGoods::orderId),
                texts(changed, OrderGoods::sku),
                longs(changed, OrderGoods::picked),
                longs(changed, OrderGoods::returned))
            .update();
    RedoBatch.unlessAll("goods of orders", updated, changed.size());
  }
}
