package io.holdfast.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.quickstart.Platform;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Many orders that fight for little stock and little money. */
class ContentionIT {

  private static final int ORDERS = 2_000;
  private static final int IN_FLIGHT = 200;

  @Test
  @Tag("R-I1")
  @Tag("R-I5")
  @Tag("R-W1")
  @Tag("F16")
  @Tag("F22")
  void twoThousandOrdersOnTwentyGoodsAndFiftyWalletsSellWhatThereIsAndNoMore(@TempDir Path data)
      throws Exception {
    long seed = Long.getLong("holdfast.seed", System.nanoTime());
    System.out.println("ContentionIT: repeat with -Dholdfast.seed=" + seed);
    var random = new SplittableRandom(seed);
    try (var platform = TestPlatform.start(data, "--holdfast.place-order.deadline=2m")) {
      var shop = new Shop(platform);
      var goods = IntStream.range(0, 20).mapToObj(_ -> shop.good(1_00, 60)).toList();
      var customers = IntStream.range(0, 50).mapToObj(_ -> shop.customer(40_00)).toList();

      placeAll(shop, goods, customers, random);
      new Books(platform).balance(Duration.ofMinutes(3));

      assertSoldOutExactly(platform);
    }
  }

  private static void placeAll(
      Shop shop, List<String> goods, List<UUID> customers, SplittableRandom random)
      throws Exception {
    var inFlight = new Semaphore(IN_FLIGHT);
    var placed = new ArrayList<Future<UUID>>();
    try (var clients = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < ORDERS; i++) {
        var customer = customers.get(random.nextInt(customers.size()));
        var lines =
            List.of(
                new Shop.Line(goods.get(random.nextInt(goods.size())), 1 + random.nextInt(3)),
                new Shop.Line(goods.get(random.nextInt(goods.size())), 1));
        String key = UUID.randomUUID().toString();
        inFlight.acquire();
        placed.add(
            clients.submit(
                () -> {
                  try {
                    return Shop.id(shop.place(customer, lines, null, key, Duration.ofSeconds(30)));
                  } finally {
                    inFlight.release();
                  }
                }));
      }
    }
    assertThat(placed.stream().map(order -> order.resultNow()).distinct()).hasSize(ORDERS);
  }

  /**
   * Both ran out for somebody, nobody was served beyond what there was, and neither was left lying
   * about.
   */
  private static void assertSoldOutExactly(Platform platform) {
    var books = new Books(platform);
    long confirmed = books.count("select count(*) from orders.orders where state = 'CONFIRMED'");
    long rejected = books.count("select count(*) from orders.orders where state = 'REJECTED'");

    assertThat(confirmed + rejected).isEqualTo(ORDERS);
    assertThat(confirmed).isBetween(300L, 1_000L);
    assertThat(books.count("select sum(sold) from inventory.stock")).isLessThanOrEqualTo(20 * 60);
    assertThat(
            books.count(
                "select count(*) from orders.orders where reason_code = 'INSUFFICIENT_STOCK'"))
        .isPositive();
    assertThat(
            books.count(
                "select count(*) from orders.orders where reason_code = 'INSUFFICIENT_BALANCE'"))
        .isPositive();
    assertThat(
            books.count(
                """
                select count(*) from (select order_id from orders.orders o
                  join orders.order_line l using (order_id) where o.state = 'CONFIRMED'
                  group by order_id, total_minor having sum(quantity * unit_price_minor) <> total_minor) wrong
                """))
        .isZero();
    assertThat(books.count("select sum(spent_minor) from wallet.wallet"))
        .isEqualTo(
            books.count("select sum(total_minor) from orders.orders where state = 'CONFIRMED'"));
  }
}
