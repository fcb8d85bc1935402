package io.holdfast.order;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** Errors speak the language of whoever reads them; what programs compare stays the same. */
@Tag("R-X4")
class LanguageIT extends RunningOrderService {

  private static final String CHINESE = "zh-Hans-CN, en;q=0.5";
  private static final String CUSTOMER = UUID.randomUUID().toString();

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "{'customerId':'C','lines':[{'sku':'GHOST','quantity':1}]} | UNKNOWN_SKU | There is no such SKU | There are no goods with the SKU GHOST: correct it, or create the goods first. | 没有这个 SKU | 没有 SKU 为 GHOST 的商品：请改正，或先创建该商品。",
        "{'customerId':'C','lines':[{'sku':'PEN','quantity':1},{'sku':'TEA','quantity':1}]} | MIXED_CURRENCIES | The currencies are mixed | TEA is sold in GBP, the lines before it in EUR: place one order for each currency. | 币种混杂 | TEA 以 GBP 销售，前面的行以 EUR 销售：请按币种分别下单。",
        "{'customerId':'C','lines':[{'sku':'PEN','quantity':0}]} | INVALID_FIELD | A field is not valid | lines[0].quantity must be greater than or equal to 1 | 字段无效 | lines[0].quantity 必须大于或等于 1",
        "{'lines':[{'sku':'PEN','quantity':1}]} | INVALID_FIELD | A field is not valid | customerId must not be null | 字段无效 | customerId 不得为 null",
        "{'customerId':'C','lines':[{'sku':'a b','quantity':1}]} | INVALID_FIELD | A field is not valid | lines[0].sku must have 1 to 64 letters, digits, dots, dashes or underscores, and begin with a letter or digit | 字段无效 | lines[0].sku 必须是 1 到 64 个字母、数字、点、横线或下划线，并以字母或数字开头",
        "{'customerId':'C'} | INVALID_FIELD | A field is not valid | lines must be given, or else fromCart: true, and not both | 字段无效 | lines 必须提供，否则必须写 fromCart: true，但二者不能同时使用",
        "{'customerId':'nobody'} | INVALID_FIELD | A field is not valid | customerId is missing or of a wrong type | 字段无效 | customerId 缺失或类型错误",
        "{'customerId':'C','coupon':1} | UNKNOWN_FIELD | There is no such field | There is no coupon here: correct the name or leave it out. Known are: customerId, fromCart, lines, paymentMethod, voucherCode | 没有这个字段 | 这里没有 coupon：请改正名称或去掉它。已知的有：customerId, fromCart, lines, paymentMethod, voucherCode",
        "{ | MALFORMED_JSON | The body is not JSON | The body is missing or is not well-formed JSON: send one JSON object in UTF-8. | 请求体不是 JSON | 请求体缺失，或不是格式正确的 JSON：请发送一个 UTF-8 编码的 JSON 对象。",
      })
  void whatIsWrongWithAnOrderIsSaidInBothLanguages(
      String body,
      String code,
      String title,
      String detail,
      String chineseTitle,
      String chineseDetail) {
    var json = body.replace('\'', '"').replace("\"C\"", '"' + CUSTOMER + '"');

    assertSays(place(json, newKey()), "en", code, title, detail);
    assertSays(
        place(json, newKey(), "Accept-Language", CHINESE), "zh", code, chineseTitle, chineseDetail);
  }

  @ParameterizedTest
  @CsvSource({"fr", "*", "zh;q=0", "zh_CN", "zh;q=;"})
  void aLanguageThatNobodySpeaksIsEnglishAndNoError(String language) {
    var answer = send(request("/orders/nonsense").header("Accept-Language", language).GET());

    assertProblem(answer, 404, "UNKNOWN_ORDER");
    assertThat(answer.header("content-language")).isEqualTo("en");
    assertThat(answer.header("vary")).contains("Accept-Language");
  }

  @Test
  void whatNoControllerSeesIsSaidInBothLanguagesToo() {
    assertBoth("/nowhere", "GET", "NOT_FOUND", 404, "/nowhere", "这里什么都没有");
    assertBoth("/error", "GET", "NOT_FOUND", 404, "/error", "这里什么都没有");
    assertBoth("/orders", "DELETE", "METHOD_NOT_ALLOWED", 405, "DELETE", "此处不允许该方法");
    assertBoth("/products?colour=red", "GET", "UNKNOWN_FIELD", 400, "after, limit", "没有这个字段");
    assertBoth("/products?limit=many", "GET", "INVALID_FIELD", 400, "limit", "字段无效");
    assertBoth("/products?limit=0", "GET", "INVALID_FIELD", 400, "limit", "字段无效");
    assertBoth("/products?=x", "GET", "MALFORMED_QUERY", 400, "name=value", "查询串格式错误");
    assertBoth("/orders", "GET", "INVALID_FIELD", 400, "customerId", "字段无效");
    assertBoth("/products", "Accept: text/html", "NOT_ACCEPTABLE", 406, "json", "没有可接受的媒体类型");
    assertBoth(
        "/orders",
        "Content-Type: text/plain",
        "UNSUPPORTED_MEDIA_TYPE",
        415,
        "text/plain",
        "不支持该媒体类型");
    assertBoth("/orders", "large", "TOO_LARGE", 413, "65536", "请求体过大");
  }

  /** Its first line is all that the server reads of it, so it is answered in English. */
  @Test
  void whatTheServerRefusesBeforeTheApplicationSeesItIsAProblemToo() throws IOException {
    try (var socket = new Socket("localhost", port)) {
      socket.setSoTimeout(20_000);
      var request =
          "GET /orders/|?q=<x> HTTP/1.1\r\nHost: localhost\r\nAccept-Language: zh\r\nConnection: close\r\n\r\n";
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));

      var answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

      assertThat(answer)
          .startsWith("HTTP/1.1 400")
          .contains("application/problem+json", "Content-Language: en")
          .contains(
              "\"code\":\"BAD_REQUEST\"",
              "\"title\":\"The request is not understood\"",
              "\"traceId\":");
    }
  }

  @Test
  void theKeyIsNamedInBothLanguages() {
    var body = pens(UUID.randomUUID(), 1);

    var missing = send("/orders", body, "Accept-Language", "zh");
    var invalid = place(body, "with space", "Accept-Language", "zh");

    assertThat(missing.body().path("title").asString()).isEqualTo("缺少 Idempotency-Key");
    assertThat(invalid.body().path("title").asString()).isEqualTo("Idempotency-Key 无效");
  }

  @Test
  void anOrderSaysWhyItWasRefusedInTheLanguageOfItsReader() {
    var orderId = placed();
    publish(cancelled(orderId, "INSUFFICIENT_STOCK", "insufficient stock: PEN"));
    awaitState(orderId, "REJECTED");

    var english = get("/orders/" + orderId).body().path("reason");
    var chinese = inChinese("/orders/" + orderId).body();
    var listed =
        inChinese("/orders?customerId=" + chinese.path("customerId").asString())
            .body()
            .path("orders")
            .get(0);

    assertThat(english.path("title").asString()).isEqualTo("The stock is not sufficient");
    assertThat(chinese.path("reason").path("title").asString()).isEqualTo("库存不足");
    assertThat(listed.path("reason").path("title").asString()).isEqualTo("库存不足");
    for (var reason : new JsonNode[] {english, chinese.path("reason")}) {
      assertThat(reason.path("code").asString()).isEqualTo("INSUFFICIENT_STOCK");
      assertThat(reason.path("detail").asString()).isEqualTo("insufficient stock: PEN");
    }
    assertThat(inChinese("/orders/%s/events".formatted(orderId)).text())
        .contains("\"title\":\"库存不足\"");
    assertThat(get("/orders/%s/events".formatted(orderId)).text())
        .contains("\"title\":\"The stock is not sufficient\"");
  }

  @Test
  void aBulkSaysOfEachItemWhatARequestForItAloneWouldBeTold() {
    var orderId = confirmedOrder(pens(UUID.randomUUID(), 1));
    var body = "{\"orderIds\":[\"%s\",\"nonsense\"]}".formatted(orderId);

    for (var language : new String[] {"en", CHINESE}) {
      var results =
          send("/orders/bulk-cancel", body, "Accept-Language", language).body().path("results");
      var tooLate = post("/orders/" + orderId + "/cancel", "Accept-Language", language).body();
      var unknown = post("/orders/nonsense/cancel", "Accept-Language", language).body();

      assertSaysTheSame(results.get(0).path("reason"), tooLate);
      assertSaysTheSame(results.get(1).path("reason"), unknown);
    }
  }

  private static void assertSaysTheSame(JsonNode reason, JsonNode problem) {
    for (var member : new String[] {"code", "title", "detail"}) {
      assertThat(reason.path(member).asString()).isNotEmpty();
      assertThat(reason.path(member)).isEqualTo(problem.path(member));
    }
  }

  @Test
  void aReasonThatNoCatalogueHasIsShownAsItCame() {
    var orderId = placed();
    publish(cancelled(orderId, "SOLD_OUT", "sold out: Oslo"));
    awaitState(orderId, "REJECTED");

    var reason = inChinese("/orders/" + orderId).body().path("reason");

    assertThat(reason.path("code").asString()).isEqualTo("SOLD_OUT");
    assertThat(reason.path("title").asString()).isEqualTo("sold out: Oslo");
    assertThat(reason.path("detail").asString()).isEqualTo("sold out: Oslo");
  }

  private Answer inChinese(String path) {
    return send(request(path).header("Accept-Language", CHINESE).GET());
  }

  private void assertBoth(
      String path, String how, String code, int status, String named, String chineseTitle) {
    var english = send(asked(path, how));
    var chinese = send(asked(path, how).header("Accept-Language", CHINESE));

    assertProblem(english, status, code);
    assertThat(english.body().path("detail").asString()).contains(named).matches("\\p{ASCII}*");
    assertThat(english.header("content-language")).isEqualTo("en");
    assertProblem(chinese, status, code);
    assertThat(chinese.body().path("detail").asString()).contains(named);
    assertThat(chinese.body().path("title").asString()).isEqualTo(chineseTitle);
    assertThat(chinese.header("content-language")).isEqualTo("zh");
    assertThat(chinese.body().path("traceId").asString()).matches("[0-9a-f]{32}");
  }

  private HttpRequest.Builder asked(String path, String how) {
    var request = request(path);
    return switch (how) {
      case "GET", "DELETE" -> request.method(how, HttpRequest.BodyPublishers.noBody());
      case "Accept: text/html" -> request.header("Accept", "text/html").GET();
      case "Content-Type: text/plain" ->
          request
              .header("Content-Type", "text/plain")
              .header("Idempotency-Key", newKey())
              .POST(HttpRequest.BodyPublishers.ofString("hello"));
      default ->
          request
              .header("Content-Type", "application/json")
              .header("Idempotency-Key", newKey())
              .POST(HttpRequest.BodyPublishers.ofString(" ".repeat(70_000) + "{}"));
    };
  }

  private static void assertSays(
      Answer answer, String language, String code, String title, String detail) {
    assertProblem(answer, answer.status(), code);
    assertThat(answer.header("content-language")).isEqualTo(language);
    assertThat(answer.body().path("title").asString()).isEqualTo(title);
    assertThat(answer.body().path("detail").asString()).isEqualTo(detail);
    assertThat(answer.body().path("traceId").asString()).matches("[0-9a-f]{32}");
  }
}
