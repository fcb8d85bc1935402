package io.holdfast.benchmarks;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.List;
import java.util.SplittableRandom;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Owners look at their orders, at any of those that are stored. */
final class LookUps implements Requests {

  private static final int OK = 200;
  private static final int PATHS = 50_000;

  private final List<String> paths;
  private final SplittableRandom random = new SplittableRandom();

  private LookUps(List<String> paths) {
    this.paths = paths;
  }

  private static final String DRAW =
      """
      select '/orders/' || order_id || '?customerId=' || customer_id
      from orders.orders
      order by random()
      limit ?
      """;

  /** A fixed draw of all orders: more than a cache of the latest would hold. */
  static LookUps ofStored(JdbcClient jdbc) {
    return new LookUps(jdbc.sql(DRAW).param(PATHS).query((row, _) -> row.getString(1)).list());
  }

  @Override
  public byte[] next() {
    return """
        GET %s HTTP/1.1\r
        Host: localhost\r
        \r
        """
        .formatted(paths.get(random.nextInt(paths.size())))
        .getBytes(US_ASCII);
  }

  @Override
  public int expectedStatus() {
    return OK;
  }
}
