package io.holdfast.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.messaging.UuidV7;
import io.holdfast.quickstart.HttpJson;
import io.holdfast.quickstart.Platform;
import io.holdfast.quickstart.Service;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** What customers and shopkeepers do, through the services' own APIs. */
final class Shop {

  static final String CURRENCY = "EUR";

  private final Platform platform;
  private final HttpJson http = new HttpJson();

  Shop(Platform platform) {
    this.platform = platform;
  }

  record Line(String sku, long quantity) {}

  private record NewOrder(
      UUID customerId,
      List<Line> lines,
      @Nullable String paymentMethod,
      @Nullable String voucherCode) {}

  private record Price(long unitPriceMinor, String currency, @Nullable String service) {}

  private record NewVoucher(
      String code,
      long amountMinor,
      String currency,
      int uses,
      long minimumMinor,
      Instant expiresAt) {}

  private record Receipt(long quantity, String reference) {}

  private record Credit(long amountMinor, String currency, String reference) {}

  /** A good of its own, so that tests do not meet. */
  String good(long unitPriceMinor, long quantity) {
    String sku = "SKU-" + UUID.randomUUID().toString().substring(0, 8);
    offer(sku, unitPriceMinor, quantity);
    return sku;
  }

  void offer(String sku, long unitPriceMinor, long quantity) {
    http.put(
        platform.url(Service.ORDER_SERVICE) + "/products/" + sku,
        new Price(unitPriceMinor, CURRENCY, null));
    if (quantity > 0) {
      deliver(sku, quantity);
    }
  }

  /** Units of a metered service. */
  String service(String name, long unitPriceMinor) {
    String sku = "SRV-" + UUID.randomUUID().toString().substring(0, 8);
    http.put(
        platform.url(Service.ORDER_SERVICE) + "/products/" + sku,
        new Price(unitPriceMinor, CURRENCY, name));
    return sku;
  }

  /** Issues a voucher that can be used once. */
  String voucher(long amountMinor) {
    String code = "V-" + UUID.randomUUID().toString().substring(0, 8).toUpperCase(Locale.ROOT);
    http.post(
        platform.url(Service.WALLET_SERVICE) + "/vouchers",
        new NewVoucher(code, amountMinor, CURRENCY, 1, 0, Instant.now().plus(Duration.ofDays(1))));
    return code;
  }

  void deliver(String sku, long quantity) {
    http.post(
        platform.url(Service.INVENTORY_SERVICE) + "/stock/" + sku + "/receipts",
        new Receipt(quantity, UUID.randomUUID().toString()));
  }

  /** A customer whose wallet has {@code balanceMinor}. */
  UUID customer(long balanceMinor) {
    var id = UuidV7.next();
    if (balanceMinor > 0) {
      http.post(
          platform.url(Service.WALLET_SERVICE) + "/wallets/" + id + "/credits",
          new Credit(balanceMinor, CURRENCY, UUID.randomUUID().toString()));
    }
    return id;
  }

  /** Places an order and waits up to {@code wait} for its end. */
  JsonNode place(
      UUID customer, List<Line> lines, @Nullable String card, String key, Duration wait) {
    return place(new NewOrder(customer, lines, card, null), key, wait);
  }

  private JsonNode place(NewOrder order, String key, Duration wait) {
    return http.post(
        platform.url(Service.ORDER_SERVICE) + "/orders",
        order,
        "Idempotency-Key",
        key,
        "Prefer",
        "wait=" + wait.toSeconds());
  }

  JsonNode placeAndWaitWithVoucher(UUID customer, String sku, long quantity, String voucher) {
    return place(
        new NewOrder(customer, List.of(new Line(sku, quantity)), null, voucher),
        UUID.randomUUID().toString(),
        Duration.ofSeconds(20));
  }

  JsonNode placeAndWait(UUID customer, String sku, long quantity) {
    return placeAndWait(customer, sku, quantity, null);
  }

  JsonNode placeAndWait(UUID customer, String sku, long quantity, @Nullable String card) {
    return place(
        customer,
        List.of(new Line(sku, quantity)),
        card,
        UUID.randomUUID().toString(),
        Duration.ofSeconds(20));
  }

  /** Places an order and does not wait. */
  UUID place(UUID customer, String sku, long quantity) {
    var order =
        place(
            customer,
            List.of(new Line(sku, quantity)),
            null,
            UUID.randomUUID().toString(),
            Duration.ZERO);
    return UUID.fromString(order.get("orderId").asString());
  }

  JsonNode order(UUID id) {
    return http.get(platform.url(Service.ORDER_SERVICE) + "/orders/" + id);
  }

  JsonNode cancel(UUID id) {
    return http.post(platform.url(Service.ORDER_SERVICE) + "/orders/" + id + "/cancel", List.of());
  }

  /** Asks to cancel; it may be too late. */
  void tryCancel(UUID id) {
    try {
      cancel(id);
    } catch (HttpJson.Refused e) {
      assertThat(e).hasMessageContaining("409");
    }
  }

  JsonNode saga(UUID id) {
    return http.get(platform.url(Service.SAGA_ORCHESTRATOR) + "/sagas/" + id);
  }

  JsonNode stock(String sku) {
    return http.get(platform.url(Service.INVENTORY_SERVICE) + "/stock/" + sku);
  }

  JsonNode wallet(UUID id) {
    return http.get(platform.url(Service.WALLET_SERVICE) + "/wallets/" + id);
  }

  JsonNode payment(UUID order) {
    return http.get(platform.url(Service.PAYMENT_SERVICE) + "/payments/" + order);
  }

  /** The order once it has ended. */
  JsonNode awaitEnd(UUID id, Duration limit) {
    return Awaitility.await("end of order " + id)
        .atMost(limit)
        .pollInterval(Duration.ofMillis(50))
        .until(() -> order(id), order -> !state(order).equals("PENDING"));
  }

  static String state(JsonNode order) {
    return order.get("state").asString();
  }

  static String reason(JsonNode order) {
    assertThat(order.get("reason").isObject()).as("order %s has a reason", order).isTrue();
    return order.get("reason").get("detail").asString();
  }

  static UUID id(JsonNode order) {
    return UUID.fromString(order.get("orderId").asString());
  }
}
