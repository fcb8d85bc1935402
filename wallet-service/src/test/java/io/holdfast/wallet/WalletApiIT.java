package io.holdfast.wallet;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.contracts.wallet.BalanceHeld;
import io.holdfast.contracts.wallet.HoldBalance;
import io.holdfast.contracts.wallet.WalletContract;
import io.holdfast.messaging.BatchConsumers;
import io.holdfast.messaging.Envelope;
import io.holdfast.messaging.Json;
import io.holdfast.messaging.UuidV7;
import io.holdfast.participant.testing.CommandDriver;
import io.holdfast.testing.HoldfastTest;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
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
  void firstCreditsThatRaceOpenOneWalletWithAllTheMoney() {
    var http = new WalletHttp(port);
    for (int round = 0; round < 3; round++) {
      var walletId = UuidV7.next();

      var answers = Race.of(120, i -> () -> http.credit(walletId, 10, "r" + i % 60));

      assertThat(answers).allMatch(answer -> answer.status() == 200);
      assertThat(http.wallet(walletId))
          .isEqualTo(new Wallet(walletId, "EUR", 600, 0, 0, 0, 600, 0));
    }
    http.checkLedger();
  }

  @Test
  @Tag("R-W6")
  void firstUsesOfEveryKindThatRaceMeetOneWallet() {
    var http = new WalletHttp(port);
    for (int round = 0; round < 3; round++) {
      var walletId = UuidV7.next();

      var answers =
          Race.of(
              120,
              i ->
                  () ->
                      switch (i % 6) {
                        case 0, 1, 2 -> http.credit(walletId, 10, "r" + i);
                        case 3 -> http.withdraw(walletId, UuidV7.next(), 1_000_000);
                        case 4 -> http.hold(walletId, "h" + i, 1_000_000, 60);
                        default -> http.charge(walletId, "c" + i, "sms", 1_000_000);
                      });

      for (int i = 0; i < answers.size(); i++) {
        if (i % 6 < 3) {
          assertThat(answers.get(i).status()).isEqualTo(200);
        } else {
          assertThat(answers.get(i).code()).isEqualTo("INSUFFICIENT_BALANCE");
        }
      }
      assertThat(http.wallet(walletId))
          .isEqualTo(new Wallet(walletId, "EUR", 600, 0, 0, 0, 600, 0));
    }
  }

  @Test
  @Tag("R-W5")
  void holdThatAnEarlierVersionAskedForIsHeldAndNotParked() {
    var http = new WalletHttp(port);
    var driver = new CommandDriver<>(WalletContract.WALLET, consumers, jdbc);
    var walletId = http.walletWith(500);
    var command =
        withBody(
            driver.tryIt(CommandDriver.newSaga(), new HoldBalance(walletId, 200, "EUR", false)),
            """
            {"walletId":"%s","amountMinor":200,"currency":"EUR","partial":false}"""
                .formatted(walletId));

    var answer = driver.ask(command);

    assertThat(answer.isDone()).isTrue();
    assertThat(http.wallet(walletId).heldMinor()).isEqualTo(200);
  }

  private static Envelope withBody(Envelope message, String body) {
    return new Envelope(
        message.id(),
        message.type(),
        message.source(),
        message.sagaId(),
        message.step(),
        message.phase(),
        message.attempt(),
        message.causationId(),
        message.trace(),
        body.getBytes(StandardCharsets.UTF_8));
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
