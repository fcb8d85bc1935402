package io.holdfast.wallet;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.contracts.wallet.BalanceHeld;
import io.holdfast.contracts.wallet.HoldBalance;
import io.holdfast.contracts.wallet.WalletContract;
import io.holdfast.messaging.BatchConsumers;
import io.holdfast.messaging.Json;
import io.holdfast.participant.testing.CommandDriver;
import io.holdfast.testing.HoldfastTest;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.jdbc.core.simple.JdbcClient;

@HoldfastTest("spring.config.name=wallet-service")
class WalletApiIT {

  private static final HttpClient HTTP = HttpClient.newHttpClient();

  @LocalServerPort private int port;
  @Autowired private BatchConsumers consumers;
  @Autowired private JdbcClient jdbc;

  @Test
  void sameReferenceIsCreditedOnce() throws Exception {
    var walletId = UUID.randomUUID();

    credit(walletId, "{\"amountMinor\":500,\"currency\":\"EUR\",\"reference\":\"r1\"}");
    var again = credit(walletId, "{\"amountMinor\":500,\"currency\":\"EUR\",\"reference\":\"r1\"}");

    assertThat(again.statusCode()).isEqualTo(200);
    assertThat(Json.read(again.body(), Wallet.class))
        .isEqualTo(new Wallet(walletId, "EUR", 500, 0, 0, 0, 500, 0));
  }

  @Test
  void sameReferenceWithAnotherAmountIsRefused() throws Exception {
    var walletId = UUID.randomUUID();
    credit(walletId, "{\"amountMinor\":500,\"currency\":\"EUR\",\"reference\":\"r1\"}");

    var answer =
        credit(walletId, "{\"amountMinor\":501,\"currency\":\"EUR\",\"reference\":\"r1\"}");

    assertThat(answer.statusCode()).isEqualTo(422);
    assertThat(answer.body()).contains("\"code\":\"IDEMPOTENCY_KEY_REUSED\"", "\"traceId\":");
  }

  @Test
  void creditInAnotherCurrencyIsRefused() throws Exception {
    var walletId = UUID.randomUUID();
    credit(walletId, "{\"amountMinor\":500,\"currency\":\"EUR\",\"reference\":\"r1\"}");

    var answer =
        credit(walletId, "{\"amountMinor\":500,\"currency\":\"USD\",\"reference\":\"r2\"}");

    assertThat(answer.statusCode()).isEqualTo(409);
    assertThat(answer.body()).contains("\"code\":\"CURRENCY_MISMATCH\"");
  }

  @Test
  @Tag("R-W6")
  void firstCreditsThatRaceOpenOneWalletWithAllTheMoney() throws Exception {
    var walletId = UUID.randomUUID();

    try (var threads = Executors.newFixedThreadPool(8)) {
      var credits = new ArrayList<Callable<Integer>>();
      for (int i = 0; i < 24; i++) {
        var body = "{\"amountMinor\":10,\"currency\":\"EUR\",\"reference\":\"r" + i % 12 + "\"}";
        credits.add(() -> credit(walletId, body).statusCode());
      }
      for (var status : threads.invokeAll(credits)) {
        assertThat(status.get()).isEqualTo(200);
      }
    }

    assertThat(Json.read(get("/wallets/" + walletId).body(), Wallet.class))
        .isEqualTo(new Wallet(walletId, "EUR", 120, 0, 0, 0, 120, 0));
  }

  @Test
  void namesTheFieldThatIsWrong() throws Exception {
    var walletId = UUID.randomUUID();

    assertProblem(
        credit(walletId, "{\"amountMinor\":0,\"currency\":\"EUR\",\"reference\":\"r\"}"),
        "INVALID_FIELD",
        "amountMinor");
    assertProblem(
        credit(walletId, "{\"currency\":\"EUR\",\"reference\":\"r\"}"),
        "INVALID_FIELD",
        "amountMinor");
    assertProblem(
        credit(walletId, "{\"amountMinor\":\"x\",\"currency\":\"EUR\",\"reference\":\"r\"}"),
        "INVALID_FIELD",
        "amountMinor");
    assertProblem(
        credit(walletId, "{\"amountMinor\":1,\"currency\":\"euro\",\"reference\":\"r\"}"),
        "INVALID_FIELD",
        "currency");
    assertProblem(
        credit(walletId, "{\"amountMinor\":1,\"currency\":\"EUR\",\"reference\":\"r\",\"x\":1}"),
        "UNKNOWN_FIELD",
        "x");
    assertProblem(post("/wallets/nobody/credits", "{}"), "INVALID_FIELD", "walletId");
  }

  @Test
  void refusesWhatIsNotJsonOrTooLarge() throws Exception {
    var walletId = UUID.randomUUID();

    var broken = credit(walletId, "{");
    var large = credit(walletId, "{\"reference\":\"" + "x".repeat(100_000) + "\"}");

    assertThat(broken.statusCode()).isEqualTo(400);
    assertThat(broken.body()).contains("\"code\":\"MALFORMED_JSON\"");
    assertThat(large.statusCode()).isEqualTo(413);
    assertThat(large.body()).contains("\"code\":\"TOO_LARGE\"");
  }

  @Test
  void unknownWalletIsNotFound() throws Exception {
    var answer = get("/wallets/" + UUID.randomUUID());

    assertThat(answer.statusCode()).isEqualTo(404);
    assertThat(answer.headers().firstValue("content-type")).hasValue("application/problem+json");
    assertThat(answer.body()).contains("\"code\":\"UNKNOWN_WALLET\"");
  }

  @Test
  @Tag("R-W6")
  void unknownWalletHoldsNothingOrIsRefusedForItsBalance() {
    var driver = new CommandDriver<>(WalletContract.WALLET, consumers, jdbc);
    var walletId = UUID.randomUUID();

    var all =
        driver.ask(
            driver.tryIt(CommandDriver.newSaga(), new HoldBalance(walletId, 5, "EUR", false)));
    var saga = CommandDriver.newSaga();
    var some = driver.ask(driver.tryIt(saga, new HoldBalance(walletId, 5, "EUR", true)));

    assertThat(all.isRefused()).isTrue();
    assertThat(all.reason().code()).isEqualTo("INSUFFICIENT_BALANCE");
    assertThat(some.isDone()).isTrue();
    assertThat(Json.read(some.body(), BalanceHeld.class)).isEqualTo(new BalanceHeld(0));
    assertThat(driver.ask(driver.confirm(saga)).isDone()).isTrue();
  }

  @Test
  void partialHoldTakesWhatIsThereAndOtherCurrencyIsRefused() throws Exception {
    var driver = new CommandDriver<>(WalletContract.WALLET, consumers, jdbc);
    var walletId = UUID.randomUUID();
    credit(walletId, "{\"amountMinor\":30,\"currency\":\"EUR\",\"reference\":\"r1\"}");

    var some =
        driver.ask(
            driver.tryIt(CommandDriver.newSaga(), new HoldBalance(walletId, 50, "EUR", true)));
    var other =
        driver.ask(
            driver.tryIt(CommandDriver.newSaga(), new HoldBalance(walletId, 1, "USD", true)));

    assertThat(Json.read(some.body(), BalanceHeld.class)).isEqualTo(new BalanceHeld(30));
    assertThat(other.reason().code()).isEqualTo("CURRENCY_MISMATCH");
  }

  private static void assertProblem(HttpResponse<String> answer, String code, String field) {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(400);
    assertThat(answer.body()).contains("\"code\":\"" + code + "\"", "\"field\":\"" + field + "\"");
  }

  private HttpResponse<String> credit(UUID walletId, String body)
      throws IOException, InterruptedException {
    return post("/wallets/" + walletId + "/credits", body);
  }

  private HttpResponse<String> post(String path, String body)
      throws IOException, InterruptedException {
    return send(
        request(path)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body)));
  }

  private HttpResponse<String> get(String path) throws IOException, InterruptedException {
    return send(request(path));
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create("http://localhost:" + port + path));
  }

  private static HttpResponse<String> send(HttpRequest.Builder request)
      throws IOException, InterruptedException {
    return HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }
}
