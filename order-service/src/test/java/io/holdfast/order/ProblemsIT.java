package io.holdfast.order;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is refused, and how it looks: RFC 9457 with a code and the field at fault. */
@Tag("R-X4")
class ProblemsIT extends RunningOrderService {

  private static final String CUSTOMER = UUID.randomUUID().toString();

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "{'customerId':'CUSTOMER','lines':[{'sku':'GHOST','quantity':1}]} | 422 | UNKNOWN_SKU | lines[0].sku",
        "{'customerId':'CUSTOMER','lines':[{'sku':'PEN','quantity':1},{'sku':'TEA','quantity':1}]} | 422 | MIXED_CURRENCIES | lines[1].sku",
        "{'customerId':'CUSTOMER','lines':[]} | 400 | INVALID_FIELD | lines",
        "{'customerId':'CUSTOMER'} | 400 | INVALID_FIELD | lines",
        "{'lines':[{'sku':'PEN','quantity':1}]} | 400 | INVALID_FIELD | customerId",
        "{'customerId':'nobody','lines':[{'sku':'PEN','quantity':1}]} | 400 | INVALID_FIELD | customerId",
        "{'customerId':'CUSTOMER','lines':[{'sku':'PEN','quantity':0}]} | 400 | INVALID_FIELD | lines[0].quantity",
        "{'customerId':'CUSTOMER','lines':[{'sku':'PEN','quantity':1000001}]} | 400 | INVALID_FIELD | lines[0].quantity",
        "{'customerId':'CUSTOMER','lines':[{'sku':'PEN','quantity':9999999999}]} | 400 | INVALID_FIELD | lines[0].quantity",
        "{'customerId':'CUSTOMER','lines':[{'sku':'PEN'}]} | 400 | INVALID_FIELD | lines[0].quantity",
        "{'customerId':'CUSTOMER','lines':[{'sku':'no such form','quantity':1}]} | 400 | INVALID_FIELD | lines[0].sku",
        "{'customerId':'CUSTOMER','lines':[null]} | 400 | INVALID_FIELD | lines[0]",
        "{'customerId':'CUSTOMER','lines':[{'sku':'PEN','quantity':1}],'paymentMethod':'a b'} | 400 | INVALID_FIELD | paymentMethod",
        "{'customerId':'CUSTOMER','lines':[{'sku':'PEN','quantity':1}],'coupon':'X'} | 400 | UNKNOWN_FIELD | coupon",
        "{'customerId':'CUSTOMER','lines':[{'sku':'PEN','quantity':1}],'fromCart':true} | 400 | INVALID_FIELD | lines",
        "{'customerId':'CUSTOMER','fromCart':true} | 422 | CART_EMPTY | fromCart",
        "{'customerId':'CUSTOMER','fromCart':'maybe'} | 400 | INVALID_FIELD | fromCart",
        "{'customerId':'CUSTOMER','lines':[{'sku':'PEN','quantity':1}],'voucherCode':'a b'} | 400 | INVALID_FIELD | voucherCode",
      })
  void refusesWhatCannotBeAnOrder(String body, int status, String code, String field) {
    var answer = place(body.replace('\'', '"').replace("CUSTOMER", CUSTOMER), newKey());

    assertProblem(answer, status, code);
    assertThat(answer.body().path("field").asString()).isEqualTo(field);
  }

  @Test
  void refusesMoreThanAHundredLines() {
    var lines = "{\"sku\":\"PEN\",\"quantity\":1},".repeat(101);
    var body =
        "{\"customerId\":\"%s\",\"lines\":[%s]}"
            .formatted(CUSTOMER, lines.substring(0, lines.length() - 1));

    assertProblem(place(body, newKey()), 400, "INVALID_FIELD");
  }

  @Test
  void refusesATotalThatIsNoNumberAnyMore() {
    put("/products/YACHT", "{\"unitPriceMinor\":1000000000000,\"currency\":\"EUR\"}");
    var lines = "{\"sku\":\"YACHT\",\"quantity\":1000000},".repeat(10);
    var body =
        "{\"customerId\":\"%s\",\"lines\":[%s]}"
            .formatted(CUSTOMER, lines.substring(0, lines.length() - 1));

    var answer = place(body, newKey());

    assertProblem(answer, 422, "TOTAL_TOO_LARGE");
    assertThat(answer.body().path("field").asString()).isEqualTo("lines[9].quantity");
  }

  @Test
  @Tag("F68")
  void asksForAnIdempotencyKey() {
    var answer =
        send(
            request("/orders")
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(pens(UUID.randomUUID(), 1))));

    assertProblem(answer, 400, "IDEMPOTENCY_KEY_MISSING");
    assertThat(answer.body().path("field").asString()).isEqualTo("Idempotency-Key");
    assertProblem(
        place(pens(UUID.randomUUID(), 1), "x".repeat(256)), 400, "IDEMPOTENCY_KEY_INVALID");
    assertProblem(place(pens(UUID.randomUUID(), 1), "with space"), 400, "IDEMPOTENCY_KEY_INVALID");
  }

  @Test
  @Tag("R-O4")
  void anUnknownOrderASomebodyElsesAndNonsenseAnswerAlike() {
    var orderId = placed();

    var unknown = get("/orders/" + UUID.randomUUID());
    var foreign = get("/orders/" + orderId + "?customerId=" + UUID.randomUUID());
    var nonsense = get("/orders/nonsense");
    var shortened = get("/orders/1-1-1-1-1");

    for (var answer : new Answer[] {unknown, foreign, nonsense, shortened}) {
      assertProblem(answer, 404, "UNKNOWN_ORDER");
      assertThat(answer.body().path("detail")).isEqualTo(unknown.body().path("detail"));
    }
    assertProblem(get("/orders/nonsense/events"), 404, "UNKNOWN_ORDER");
    assertProblem(post("/orders/nonsense/cancel"), 404, "UNKNOWN_ORDER");
  }

  @Test
  void aListNeedsItsCustomerAndRightParameters() {
    assertProblem(get("/orders"), 400, "INVALID_FIELD");
    assertProblem(get("/orders?customerId=x"), 400, "INVALID_FIELD");
    assertProblem(get("/orders?customerId=" + CUSTOMER + "&state=LOST"), 400, "INVALID_FIELD");
    assertProblem(get("/orders?customerId=" + CUSTOMER + "&limit=0"), 400, "INVALID_FIELD");
    assertProblem(get("/orders?customerId=" + CUSTOMER + "&limit=9999"), 400, "INVALID_FIELD");
  }

  @Test
  void aListGoesPageByPageThroughACustomersOrders() {
    var customer = UUID.randomUUID();
    for (int i = 1; i <= 5; i++) {
      assertThat(place(pens(customer, i), newKey()).status()).isEqualTo(202);
    }

    var first = get("/orders?limit=3&customerId=" + customer).body();
    var second =
        get("/orders?limit=3&customerId=%s&after=%s"
                .formatted(customer, first.path("next").asString()))
            .body();

    assertThat(first.path("orders").size()).isEqualTo(3);
    assertThat(first.path("orders").get(0).path("totalMinor").asLong()).isEqualTo(1250);
    assertThat(second.path("orders").size()).isEqualTo(2);
    assertThat(second.path("next").isNull()).isTrue();
    assertThat(get("/orders?state=CONFIRMED&customerId=" + customer).body().path("orders").size())
        .isZero();
  }

  @Test
  void productsAreCheckedListedAndReplaced() {
    assertProblem(
        put("/products/PEN", "{\"unitPriceMinor\":0,\"currency\":\"EUR\"}"), 400, "INVALID_FIELD");
    assertProblem(
        put("/products/PEN", "{\"unitPriceMinor\":1,\"currency\":\"XXL\"}"), 400, "INVALID_FIELD");
    assertProblem(put("/products/PEN", "{\"unitPriceMinor\":1}"), 400, "INVALID_FIELD");
    assertProblem(
        put("/products/-bad-", "{\"unitPriceMinor\":1,\"currency\":\"EUR\"}"),
        400,
        "INVALID_FIELD");
    var sku = "NEW-" + UUID.randomUUID();
    var product = "{\"unitPriceMinor\":1,\"currency\":\"EUR\"}";
    assertThat(put("/products/" + sku, product).status()).isEqualTo(201);
    assertThat(put("/products/" + sku, product).status()).isEqualTo(200);
    assertThat(get("/products").text()).contains(sku).contains("PEN");
  }

  @Test
  void anAnswerHasItsLengthAndLeavesInOnePiece() {
    var placed = place(pens(UUID.randomUUID(), 1), newKey());
    var refused = get("/orders/nonsense");

    for (var answer : new Answer[] {placed, refused}) {
      int bytes = answer.text().getBytes(StandardCharsets.UTF_8).length;
      assertThat(answer.header("content-length")).isEqualTo(Integer.toString(bytes));
    }
  }

  @Test
  void aConnectionServesMoreThanAHundredRequests() {
    for (int i = 0; i < 150; i++) {
      assertThat(get("/products?limit=1").header("connection")).isNull();
    }
  }

  @Test
  void garbageIsNeverAnInternalError() {
    var random = new Random(20260101);
    var valid = pens(UUID.randomUUID(), 1);
    for (int i = 0; i < 300; i++) {
      var body = mutated(valid, random);

      var answer = place(body, newKey());

      assertThat(answer.status()).as(body).isIn(202, 400, 413, 422);
      if (answer.status() != 202) {
        assertThat(answer.header("content-type")).as(body).startsWith("application/problem+json");
        assertThat(answer.body().path("code").asString()).as(body).isNotEmpty();
      }
    }
    assertThat(send(request("/orders").DELETE()).status()).isEqualTo(405);
    assertThat(get("/nowhere").status()).isEqualTo(404);
    assertThat(
            send(request("/orders")
                    .header("Content-Type", "text/plain")
                    .header("Idempotency-Key", "k")
                    .POST(HttpRequest.BodyPublishers.ofString("hello")))
                .status())
        .isEqualTo(415);
  }

  private static String mutated(String valid, Random random) {
    var bytes = valid.getBytes(StandardCharsets.UTF_8);
    int changes = 1 + random.nextInt(3);
    for (int i = 0; i < changes; i++) {
      bytes[random.nextInt(bytes.length)] = (byte) (1 + random.nextInt(126));
    }
    int length = random.nextInt(4) == 0 ? random.nextInt(bytes.length) : bytes.length;
    return new String(bytes, 0, length, StandardCharsets.UTF_8);
  }
}
