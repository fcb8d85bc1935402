package io.holdfast.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every message arrives several times, and late. */
class RepetitionIT {

  private static final int ORDERS = 120;
  private static final Duration LIMIT = Duration.ofSeconds(90);

  @Test
  @Tag("F2")
  @Tag("F3")
  @Tag("F4")
  @Tag("F20")
  void messagesThatAreRepeatedAndShuffledChangeNothing(@TempDir Path data) throws Exception {
    long seed = Long.getLong("holdfast.seed", System.nanoTime());
    System.out.println("RepetitionIT: repeat with -Dholdfast.seed=" + seed);
    try (var platform = TestPlatform.start(data, "--holdfast.place-order.deadline=20s");
        var repeater = new Repeater(platform.kafka().bootstrapServers(), seed)) {
      var shop = new Shop(platform);
      var books = new Books(platform);

      var orders = placeAllKinds(shop, new SplittableRandom(seed));
      orders.forEach(order -> shop.awaitEnd(order, LIMIT));
      books.balance(LIMIT);
      var before = Ledgers.of(books);
      repeater.sendAllAgain();
      Awaitility.await("every repeated message read").atMost(LIMIT).until(repeater::allRead);

      books.balance(LIMIT);
      assertThat(Ledgers.of(books)).isEqualTo(before);
      assertThat(topics(repeater.seen()))
          .as("what was repeated")
          .contains("saga.requests", "saga.events", "inventory.commands", "payment.replies");
      assertThat(repeater.seen()).hasSizeGreaterThan(ORDERS * 8);
    }
  }

  /** What must not move any more. */
  private record Ledgers(
      long confirmed,
      long rejected,
      long cancelled,
      long sold,
      long spent,
      long walletEntries,
      long stockEntries,
      long captured) {

    static Ledgers of(Books books) {
      return new Ledgers(
          books.count("select count(*) from orders.orders where state = 'CONFIRMED'"),
          books.count("select count(*) from orders.orders where state = 'REJECTED'"),
          books.count("select count(*) from orders.orders where state = 'CANCELLED'"),
          books.count("select sum(sold) from inventory.stock"),
          books.count("select sum(spent_minor) from wallet.wallet"),
          books.count("select count(*) from wallet.wallet_entry"),
          books.count("select count(*) from inventory.stock_entry"),
          books.count(
              "select count(*) from payment.sandbox_payment_intent where status = 'succeeded'"));
    }
  }

  /** Confirmed, refused by stock, by balance, by card, paid by card, cancelled. */
  private static List<UUID> placeAllKinds(Shop shop, SplittableRandom random) {
    var orders = new ArrayList<UUID>();
    String plenty = shop.good(1_00, 10_000);
    String scarce = shop.good(1_00, 20);
    for (int i = 0; i < ORDERS; i++) {
      var customer = shop.customer(5_00);
      var kind = random.nextInt(6);
      String sku = kind == 0 ? scarce : plenty;
      long quantity = kind == 1 || kind >= 4 ? 8 : 1 + random.nextInt(4);
      String card =
          switch (kind) {
            case 4 -> "pm_card_visa";
            case 5 -> "pm_card_chargeDeclined";
            default -> null;
          };
      var order =
          Shop.id(
              shop.place(
                  customer,
                  List.of(new Shop.Line(sku, quantity)),
                  card,
                  UUID.randomUUID().toString(),
                  Duration.ZERO));
      if (kind == 2) {
        shop.tryCancel(order);
      }
      orders.add(order);
    }
    return orders;
  }

  private static List<String> topics(List<ConsumerRecord<String, byte[]>> records) {
    return records.stream().map(ConsumerRecord::topic).distinct().toList();
  }
}
