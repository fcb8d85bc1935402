package io.holdfast.inventory;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.contracts.inventory.HoldStock;
import io.holdfast.contracts.inventory.HoldStock.Line;
import io.holdfast.contracts.inventory.InventoryContract;
import io.holdfast.messaging.BatchConsumers;
import io.holdfast.messaging.Json;
import io.holdfast.participant.testing.CommandDriver;
import io.holdfast.testing.HoldfastTest;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.jdbc.core.simple.JdbcClient;

@HoldfastTest("spring.config.name=inventory-service")
class StockApiIT {

  private static final HttpClient HTTP = HttpClient.newHttpClient();

  @LocalServerPort private int port;
  @Autowired private BatchConsumers consumers;
  @Autowired private JdbcClient jdbc;

  @Test
  void sameReferenceIsReceivedOnce() throws Exception {
    var sku = newSku();

    receive(sku, "{\"quantity\":5,\"reference\":\"d1\"}");
    var again = receive(sku, "{\"quantity\":5,\"reference\":\"d1\"}");
    var other = receive(sku, "{\"quantity\":6,\"reference\":\"d1\"}");

    assertThat(Json.read(again.body(), Stock.class)).isEqualTo(new Stock(sku, 5, 0, 0, 5));
    assertThat(other.statusCode()).isEqualTo(409);
  }

  @Test
  void namesTheFieldThatIsWrong() throws Exception {
    assertThat(receive(newSku(), "{\"quantity\":0,\"reference\":\"d\"}").body())
        .contains("\"code\":\"INVALID_FIELD\"", "\"field\":\"quantity\"");
    assertThat(receive("-bad", "{\"quantity\":1,\"reference\":\"d\"}").body())
        .contains("\"code\":\"INVALID_FIELD\"", "\"field\":\"sku\"");
  }

  @Test
  void unknownSkuIsNotFound() throws Exception {
    var answer = send(request("/stock/" + newSku()));

    assertThat(answer.statusCode()).isEqualTo(404);
    assertThat(answer.body()).contains("\"code\":\"UNKNOWN_SKU\"");
  }

  @Test
  @Tag("R-I1")
  void holdsAllLinesOfAnOrderOrNone() throws Exception {
    var driver = driver();
    var plenty = newSku();
    var scarce = newSku();
    receive(plenty, "{\"quantity\":10,\"reference\":\"d\"}");
    receive(scarce, "{\"quantity\":3,\"reference\":\"d\"}");

    var answer =
        driver.ask(
            driver.tryIt(
                CommandDriver.newSaga(),
                new HoldStock(
                    List.of(new Line(plenty, 1), new Line(scarce, 2), new Line(scarce, 2)))));

    assertThat(answer.reason().code()).isEqualTo("INSUFFICIENT_STOCK");
    assertThat(answer.reason().detail()).isEqualTo("insufficient stock: " + scarce);
    assertThat(Json.read(send(request("/stock/" + plenty)).body(), Stock.class))
        .isEqualTo(new Stock(plenty, 10, 0, 0, 10));
  }

  @Test
  @Tag("R-I2")
  void unknownSkuIsRefusedByName() {
    var driver = driver();
    var sku = newSku();

    var answer =
        driver.ask(driver.tryIt(CommandDriver.newSaga(), new HoldStock(List.of(new Line(sku, 1)))));

    assertThat(answer.reason().code()).isEqualTo("UNKNOWN_SKU");
    assertThat(answer.reason().detail()).contains(sku);
  }

  private CommandDriver<HoldStock> driver() {
    return new CommandDriver<>(InventoryContract.INVENTORY, consumers, jdbc);
  }

  private static String newSku() {
    return "SKU-" + UUID.randomUUID();
  }

  private HttpResponse<String> receive(String sku, String body)
      throws IOException, InterruptedException {
    return send(
        request("/stock/" + sku + "/receipts")
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body)));
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create("http://localhost:" + port + path));
  }

  private static HttpResponse<String> send(HttpRequest.Builder request)
      throws IOException, InterruptedException {
    return HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }
}
