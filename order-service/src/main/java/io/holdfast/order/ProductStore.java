package io.holdfast.order;

import io.holdfast.messaging.SqlArrays;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Products: one statement a call. */
final class ProductStore {

  private final JdbcClient jdbc;

  ProductStore(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  private static final String LOAD =
      """
      select sku, unit_price_minor, currency, service
      from product
      where sku = any(?)
      """;

  Map<String, Product> load(Collection<String> skus) {
    var products = new HashMap<String, Product>();
    jdbc.sql(LOAD)
        .param(SqlArrays.texts(skus))
        .query((row, _) -> product(row))
        .list()
        .forEach(product -> products.put(product.sku(), product));
    return products;
  }

  /** {@code xmax} is 0 in a row that was inserted, and the updating transaction otherwise. */
  private static final String SAVE =
      """
      insert into product as p (sku, unit_price_minor, currency, service)
      values (?, ?, ?, ?)
      on conflict (sku) do update
      set unit_price_minor = excluded.unit_price_minor, currency = excluded.currency, service = excluded.service
      returning p.xmax = 0
      """;

  /**
   * @return whether the product is new
   */
  boolean save(Product product) {
    return jdbc.sql(SAVE)
        .param(product.sku())
        .param(product.unitPriceMinor())
        .param(product.currency())
        .param(product.service())
        .query(Boolean.class)
        .single();
  }

  private static final String LIST =
      """
      select sku, unit_price_minor, currency, service
      from product
      where sku > ?
      order by sku
      limit ?
      """;

  List<Product> list(String after, int limit) {
    return jdbc.sql(LIST).params(after, limit).query((row, _) -> product(row)).list();
  }

  private static Product product(ResultSet row) throws SQLException {
    return new Product(row.getString(1), row.getLong(2), row.getString(3), row.getString(4));
  }
}
