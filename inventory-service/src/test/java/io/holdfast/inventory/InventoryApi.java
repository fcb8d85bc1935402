package io.holdfast.inventory;

import io.holdfast.inventory.GoodsController.GoodsBody;
import io.holdfast.inventory.StockController.StockBody;
import io.holdfast.messaging.Json;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.UUID;

/** The service's HTTP API, as a client uses it. */
final class InventoryApi {

  private final HttpClient http = HttpClient.newHttpClient();
  private final int port;

  InventoryApi(int port) {
    this.port = port;
  }

  /** An answer. */
  record Answer(int status, String body) {

    <T> T as(Class<T> type) {
      return Json.read(body, type);
    }
  }

  static String newSku() {
    return "SKU-" + UUID.randomUUID();
  }

  /** A new good of which there are {@code quantity} pieces. */
  String newGood(long quantity) {
    String sku = newSku();
    if (quantity > 0) {
      receive(sku, quantity);
    } else {
      put("/goods/" + sku, "{\"active\":true}");
    }
    return sku;
  }

  void receive(String sku, long quantity) {
    var answer =
        post(
            "/stock/" + sku + "/receipts",
            "{\"quantity\":%d,\"reference\":\"%s\"}".formatted(quantity, UUID.randomUUID()));
    if (answer.status() != 200) {
      throw new AssertionError(answer);
    }
  }

  Answer adjust(String sku, long delta, String reference) {
    return post(
        "/stock/" + sku + "/adjustments",
        "{\"quantityDelta\":%d,\"reason\":\"count\",\"reference\":\"%s\",\"by\":\"ada\"}"
            .formatted(delta, reference));
  }

  StockBody stock(String sku) {
    return get("/stock/" + sku).as(StockBody.class);
  }

  GoodsBody good(String sku) {
    return get("/goods/" + sku).as(GoodsBody.class);
  }

  Answer get(String path) {
    return send(request(path));
  }

  Answer post(String path, String body) {
    return send(json(path).POST(HttpRequest.BodyPublishers.ofString(body)));
  }

  Answer put(String path, String body) {
    return send(json(path).PUT(HttpRequest.BodyPublishers.ofString(body)));
  }

  private HttpRequest.Builder json(String path) {
    return request(path).header("Content-Type", "application/json");
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create("http://localhost:" + port + path));
  }

  private Answer send(HttpRequest.Builder request) {
    try {
      var answer = http.send(request.build(), HttpResponse.BodyHandlers.ofString());
      return new Answer(answer.statusCode(), answer.body());
    } catch (IOException e) {
      throw new AssertionError("no answer", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    }
  }
}
