package io.holdfast.order;

import static io.holdfast.messaging.SqlArrays.texts;
import static io.holdfast.messaging.SqlArrays.uuids;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Carts: one row per customer and SKU, one statement a call. */
final class CartStore {

  private final JdbcClient jdbc;

  CartStore(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  /** What became of an item that was put into a cart. */
  enum Put {
    ADDED,
    CHANGED,
    UNKNOWN_SKU,
    FULL
  }

  /** An item that is in the cart may change in a full one. */
  private static final String PUT =
      """
      with product as (
        select sku from product where sku = ?
      ), room as (
        select count(*) < ? as free from cart_item where customer_id = ? and sku <> ?
      ), put as (
        insert into cart_item as c (customer_id, sku, quantity)
        select ?::uuid, product.sku, ?::bigint from product, room where room.free
        on conflict (customer_id, sku) do update
        set quantity = excluded.quantity, changed_at = now()
        returning c.xmax = 0 as added
      )
      select (select count(*) from product) = 1 as known, (select added from put) as added
      """;

  Put put(UUID customerId, String sku, long quantity, int maxItems) {
    return jdbc.sql(PUT)
        .params(sku, maxItems, customerId, sku, customerId, quantity)
        .query(
            (row, _) -> {
              if (!row.getBoolean(1)) {
                return Put.UNKNOWN_SKU;
              }
              boolean added = row.getBoolean(2);
              return row.wasNull() ? Put.FULL : added ? Put.ADDED : Put.CHANGED;
            })
        .single();
  }

  private static final String REMOVE =
      """
      delete from cart_item
      where customer_id = ? and sku = ?
      """;

  /** Without effect if it is not there. */
  void remove(UUID customerId, String sku) {
    jdbc.sql(REMOVE).params(customerId, sku).update();
  }

  /**
   * An item with what it costs now.
   *
   * @param unitPriceMinor in minor units of the currency; null if the product is gone
   */
  record Item(
      String sku, long quantity, @Nullable Long unitPriceMinor, @Nullable String currency) {}

  private static final String LOAD =
      """
      select c.sku, c.quantity, p.unit_price_minor, p.currency
      from cart_item c
      left join product p using (sku)
      where c.customer_id = ?
      order by c.sku
      """;

  List<Item> load(UUID customerId) {
    return jdbc.sql(LOAD)
        .param(customerId)
        .query(
            (row, _) ->
                new Item(
                    row.getString(1), row.getLong(2), (Long) row.getObject(3), row.getString(4)))
        .list();
  }

  private static final String LOCK =
      """
      select customer_id, sku, quantity
      from cart_item
      where customer_id = any(?::uuid[])
      order by customer_id, sku
      for update
      """;

  /** Locks what is in carts, in the order of their keys; empty carts are missing. */
  Map<UUID, List<Placement.Line>> lock(Collection<UUID> customerIds) {
    var carts = new HashMap<UUID, List<Placement.Line>>();
    jdbc.sql(LOCK)
        .param(uuids(customerIds))
        .query(
            row -> {
              carts
                  .computeIfAbsent(row.getObject(1, UUID.class), _ -> new ArrayList<>())
                  .add(new Placement.Line(row.getString(2), row.getLong(3)));
            });
    return carts;
  }

  /** One item of one cart. */
  record Key(UUID customerId, String sku) {}

  private static final String CLEAR =
      """
      delete from cart_item c
      using unnest(?::uuid[], ?::text[]) as k (customer_id, sku)
      where c.customer_id = k.customer_id and c.sku = k.sku
      """;

  /** Removes what was locked before; what has come into the carts since stays. */
  void clear(List<Key> items) {
    jdbc.sql(CLEAR).param(uuids(items, Key::customerId)).param(texts(items, Key::sku)).update();
  }
}
