package io.holdfast.benchmarks;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.holdfast.quickstart.HttpJson;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** The orders of a variant, and the goods and wallets that they need. */
final class Orders implements Requests {

  private static final long PRICE_MINOR = 100;
  private static final long PLENTY = 100_000_000;

  /** No more than a service has connections, so that a slow moment is no failure. */
  private static final int SEEDING_CLIENTS = 8;

  private static final String CURRENCY = "EUR";
  private static final int ENDED = 201;
  private static final int RECORDED = 202;

  private final Variant variant;
  private final boolean waiting;
  private final SplittableRandom random = new SplittableRandom();

  /**
   * @param waiting whether a request is answered when its order has ended, or when it is recorded
   */
  Orders(Variant variant, boolean waiting) {
    this.variant = variant;
    this.waiting = waiting;
  }

  @Override
  public int expectedStatus() {
    return waiting ? ENDED : RECORDED;
  }

  private record Price(long unitPriceMinor, String currency) {}

  private record Receipt(long quantity, String reference) {}

  private record Credit(long amountMinor, String currency, String reference) {}

  /** Puts goods and wallets in, through the services' APIs. */
  static void seed(Address address) throws InterruptedException {
    var http = new HttpJson();
    forEach(
        Variant.GOODS,
        good -> {
          http.put(
              "http://127.0.0.1:%d/products/%s"
                  .formatted(address.orderPorts().getFirst(), sku(good)),
              new Price(PRICE_MINOR, CURRENCY));
          return http.post(
              "http://127.0.0.1:%d/stock/%s/receipts".formatted(address.inventoryPort(), sku(good)),
              new Receipt(PLENTY, "benchmark-" + good));
        });
    forEach(
        Variant.WALLETS,
        wallet ->
            http.post(
                "http://127.0.0.1:%d/wallets/%s/credits"
                    .formatted(address.walletPort(), walletId(wallet, true)),
                new Credit(PLENTY, CURRENCY, "benchmark-" + wallet)));
  }

  private interface Each {
    Object apply(int index);
  }

  private static void forEach(int count, Each each) throws InterruptedException {
    try (var clients = Executors.newFixedThreadPool(SEEDING_CLIENTS)) {
      var calls =
          IntStream.range(0, count).<Callable<Object>>mapToObj(i -> () -> each.apply(i)).toList();
      for (var call : clients.invokeAll(calls)) {
        call.get();
      }
    } catch (ExecutionException e) {
      throw new IllegalStateException("the catalogue could not be made", e);
    }
  }

  @Override
  public byte[] next() {
    var draw = variant.draw(random);
    String body =
        "{\"customerId\":\"%s\",\"lines\":[%s]%s}"
            .formatted(
                walletId(draw.wallet(), draw.payable()),
                draw.goods().stream()
                    .map(good -> "{\"sku\":\"" + sku(good) + "\",\"quantity\":1}")
                    .collect(Collectors.joining(",")),
                variant == Variant.CARD ? ",\"paymentMethod\":\"pm_card_visa\"" : "");
    return """
        POST /orders HTTP/1.1\r
        Host: localhost\r
        Content-Type: application/json\r
        Idempotency-Key: %s\r
        Content-Length: %d\r
        %s\r
        %s"""
        .formatted(
            new UUID(random.nextLong(), random.nextLong()),
            body.length(),
            waiting ? "Prefer: wait=30\r\n" : "",
            body)
        .getBytes(US_ASCII);
  }

  private static String sku(int good) {
    return "SKU-%04d".formatted(good);
  }

  /** A wallet that cannot pay is one that nobody credited. */
  private static UUID walletId(int wallet, boolean payable) {
    return new UUID(
        0x0190_0000_0000_7000L, 0x8000_0000_0000_0000L | (payable ? 0 : 1L << 40) | wallet);
  }
}
