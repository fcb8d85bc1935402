package io.holdfast.e2e;

import static java.util.Objects.requireNonNull;
import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.e2e.HttpFile.Step;
import io.holdfast.quickstart.Platform;
import io.holdfast.quickstart.Service;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * {@code docs/api.http}, sent from top to bottom, is answered as it says there; and sent once more,
 * too, though nothing is done twice.
 */
@TestInstance(Lifecycle.PER_CLASS)
class ApiHttpIT {

  private static final Duration SOON = Duration.ofSeconds(30);
  private static final Duration LIMIT = Duration.ofSeconds(40);

  private static final List<String> MOVED =
      List.of(
          "orders.orders",
          "orders.refund",
          "orders.cart_item",
          "wallet.wallet_entry",
          "inventory.stock_entry",
          "payment.sandbox_payment_intent");

  private final HttpClient http = HttpClient.newHttpClient();
  private final Map<String, JsonNode> answers = new HashMap<>();
  private Platform platform;

  @BeforeAll
  void start(@TempDir Path data) {
    platform =
        TestPlatform.start(
            data,
            "--holdfast.order.fulfilment.enabled=true",
            "--holdfast.order.approval.above-minor.EUR=100000");
  }

  @AfterAll
  void stop() {
    platform.close();
  }

  @Test
  void everyRequestIsAnsweredAsTheFileSaysAndDoesItsWorkOnce() {
    var file = HttpFile.of(ApiHttpTest.FILE);
    var books = new Books(platform);

    sendAll(file);
    books.balance(SOON);
    var done = countsOf(books);
    sendAll(file);
    books.balance(SOON);

    assertThat(countsOf(books)).isEqualTo(done);
  }

  /** What grows with everything that is ordered, paid, moved or left in a cart. */
  private static Map<String, Long> countsOf(Books books) {
    return MOVED.stream()
        .collect(toMap(table -> table, table -> books.count("select count(*) from " + table)));
  }

  private void sendAll(HttpFile file) {
    for (var step : file.steps()) {
      send(file, step);
    }
  }

  private void send(HttpFile file, Step step) {
    var filled = file.filled(step, bases(), this::answered);
    if (step.method().equals("GET") && !step.fields().isEmpty()) {
      Awaitility.await(step.title())
          .atMost(SOON)
          .pollInterval(Duration.ofMillis(100))
          .untilAsserted(() -> check(filled, send(filled)));
    } else {
      check(filled, send(filled));
    }
  }

  private void check(Step step, HttpResponse<String> answer) {
    assertThat(answer.statusCode()).as("%s: %s", step.title(), answer.body()).isIn(step.statuses());
    if (step.fields().isEmpty() && step.name() == null) {
      return;
    }
    assertThat(answer.headers().firstValue("Content-Type").orElse(""))
        .as("%s: %s", step.title(), answer.body())
        .contains("json");
    var body = JsonMapper.shared().readTree(answer.body());
    step.fields()
        .forEach(
            (field, value) ->
                assertThat(text(body.path(field)))
                    .as("%s of %s: %s", field, step.title(), answer.body())
                    .isEqualTo(value));
    if (step.name() != null) {
      answers.put(step.name(), body);
    }
  }

  private static String text(JsonNode value) {
    return value.isContainer() ? value.toString() : value.asString("");
  }

  private HttpResponse<String> send(Step step) {
    var request =
        HttpRequest.newBuilder(URI.create(step.url()))
            .timeout(LIMIT)
            .method(
                step.method(),
                step.body() == null
                    ? BodyPublishers.noBody()
                    : BodyPublishers.ofString(step.body()));
    step.headers().forEach(request::header);
    try {
      return http.send(request.build(), BodyHandlers.ofString());
    } catch (IOException e) {
      throw new AssertionError(step.title() + " was not answered", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** {@code placed.response.body.$.orderId}. */
  private String answered(String reference) {
    var parts = reference.split("\\.response\\.body\\.\\$\\.", 2);
    assertThat(answers).as("answers to the requests that have names").containsKey(parts[0]);
    return requireNonNull(answers.get(parts[0])).path(parts[1]).asString();
  }

  private Map<String, String> bases() {
    return Map.of(
        "orders", platform.url(Service.ORDER_SERVICE),
        "inventory", platform.url(Service.INVENTORY_SERVICE),
        "wallet", platform.url(Service.WALLET_SERVICE),
        "payment", platform.url(Service.PAYMENT_SERVICE),
        "sagas", platform.url(Service.SAGA_ORCHESTRATOR));
  }
}
