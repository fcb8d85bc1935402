package io.holdfast.quickstart;

import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.core.env.SimpleCommandLinePropertySource;
import tools.jackson.databind.JsonNode;

/**
 * {@code ./holdfast order}: places an order with the running quickstart and follows it to its end.
 */
public final class OrderCommand {

  private static final Duration TIME_LIMIT = Duration.ofSeconds(60);
  private static final Duration LOOK_EVERY = Duration.ofMillis(25);

  private final HttpJson http = new HttpJson();
  private final String orders;
  private final String sagas;

  private OrderCommand(PlatformSettings settings) {
    this.orders = "http://127.0.0.1:" + settings.port(Service.ORDER_SERVICE) + "/orders";
    this.sagas = "http://127.0.0.1:" + settings.port(Service.SAGA_ORCHESTRATOR) + "/sagas";
  }

  public static void main(String... arguments) throws InterruptedException {
    var options = new SimpleCommandLinePropertySource(arguments);
    if (options.containsProperty("help")) {
      Quickstart.print(
          """
          ./holdfast order [--sku=TEA-GREEN] [--quantity=2] [--customer=<id>] [--card=pm_card_visa]

            --card   pays what the wallet does not; pm_card_chargeDeclined is refused, pm_card_captureDeclined later
          """);
      return;
    }
    try {
      new OrderCommand(PlatformSettings.of(arguments)).placeAndFollow(options);
    } catch (UncheckedIOException e) {
      Quickstart.print(
          "holdfast: nobody answers there ("
              + e.getCause()
              + "). Start it first, in another terminal: ./holdfast run");
      System.exit(1);
    } catch (HttpJson.Refused | IllegalArgumentException e) {
      Quickstart.print("holdfast: " + e.getMessage());
      System.exit(1);
    }
  }

  private record Line(String sku, long quantity) {}

  private record NewOrder(String customerId, List<Line> lines, @Nullable String paymentMethod) {}

  private void placeAndFollow(SimpleCommandLinePropertySource options) throws InterruptedException {
    var order =
        new NewOrder(
            option(options, "customer", Catalogue.CUSTOMERS.getFirst().id().toString()),
            List.of(
                new Line(
                    option(options, "sku", "TEA-GREEN"),
                    quantity(option(options, "quantity", "2")))),
            options.getProperty("card"));
    var begin = Instant.now();
    var placed = http.post(orders, order, "Idempotency-Key", UUID.randomUUID().toString());
    String id = placed.get("orderId").asString();
    Quickstart.print("order %s placed after %d ms".formatted(id, millisSince(begin)));
    follow(id, begin);
    var ended = awaitEnd(id, begin);
    String reason =
        ended.path("reason").isObject() ? ": " + ended.get("reason").get("detail").asString() : "";
    Quickstart.print(
        "order %s after %d ms%s"
            .formatted(ended.get("state").asString(), millisSince(begin), reason));
  }

  /** Prints the saga's timeline as it grows, until the saga has ended. */
  private void follow(String id, Instant begin) throws InterruptedException {
    var seen = new ArrayList<JsonNode>();
    while (millisSince(begin) < TIME_LIMIT.toMillis()) {
      var saga = http.tryGet(sagas + "/" + id);
      if (saga.status() == 200) {
        var timeline = saga.body().get("timeline");
        for (int i = seen.size(); i < timeline.size(); i++) {
          seen.add(timeline.get(i));
          print(timeline.get(0), timeline.get(i));
        }
        if (saga.body().get("nextActionAt").isNull()) {
          return;
        }
      }
      Thread.sleep(LOOK_EVERY);
    }
    Quickstart.print(
        "not ended within %d s; look at %s/%s".formatted(TIME_LIMIT.toSeconds(), sagas, id));
  }

  private static void print(JsonNode first, JsonNode entry) {
    long millis =
        Duration.between(
                Instant.parse(first.get("at").asString()),
                Instant.parse(entry.get("at").asString()))
            .toMillis();
    Quickstart.print(
        "  %5d ms  %-11s %s"
            .formatted(millis, entry.get("state").asString(), entry.get("event").asString()));
  }

  /** The order hears of the saga's end by a message, a moment later. */
  private JsonNode awaitEnd(String id, Instant begin) throws InterruptedException {
    var order = http.get(orders + "/" + id);
    while (order.get("state").asString().equals("PENDING")
        && millisSince(begin) < TIME_LIMIT.toMillis()) {
      Thread.sleep(LOOK_EVERY);
      order = http.get(orders + "/" + id);
    }
    return order;
  }

  private static String option(
      SimpleCommandLinePropertySource options, String name, String otherwise) {
    String value = options.getProperty(name);
    return value == null ? otherwise : value;
  }

  private static long quantity(String value) {
    try {
      return Long.parseLong(value);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("--quantity=%s is not a number".formatted(value), e);
    }
  }

  private static long millisSince(Instant begin) {
    return Duration.between(begin, Instant.now()).toMillis();
  }
}
