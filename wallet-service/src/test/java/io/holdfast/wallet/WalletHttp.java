package io.holdfast.wallet;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.messaging.Json;
import io.holdfast.messaging.UuidV7;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.UUID;
import tools.jackson.databind.JsonNode;

/** The service's HTTP API as a test uses it. */
final class WalletHttp {

  private static final HttpClient HTTP = HttpClient.newHttpClient();

  private final int port;

  WalletHttp(int port) {
    this.port = port;
  }

  /** An answer. */
  record Answer(int status, String body) {

    JsonNode json() {
      return Json.read(body, JsonNode.class);
    }

    String code() {
      return json().path("code").asString("");
    }

    Answer ok() {
      assertThat(status).as(body).isEqualTo(200);
      return this;
    }
  }

  Answer post(String path, String body) {
    return send(
        request(path)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body)));
  }

  Answer post(String path) {
    return send(request(path).POST(HttpRequest.BodyPublishers.noBody()));
  }

  Answer get(String path) {
    return send(request(path));
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create("http://localhost:" + port + path))
        .timeout(Duration.ofSeconds(60));
  }

  private static Answer send(HttpRequest.Builder request) {
    try {
      var answer = HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString());
      return new Answer(answer.statusCode(), answer.body());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while waiting for an answer", e);
    }
  }

  Answer credit(UUID walletId, long amountMinor, String reference) {
    return credit(walletId, amountMinor, reference, "EUR");
  }

  Answer credit(UUID walletId, long amountMinor, String reference, String currency) {
    return post(
        "/wallets/" + walletId + "/credits",
        "{\"amountMinor\":%d,\"currency\":\"%s\",\"reference\":\"%s\"}"
            .formatted(amountMinor, currency, reference));
  }

  /** A new wallet with this much money. */
  UUID walletWith(long amountMinor) {
    var walletId = UuidV7.next();
    credit(walletId, amountMinor, "first").ok();
    return walletId;
  }

  Wallet wallet(UUID walletId) {
    return Json.read(get("/wallets/" + walletId).ok().body(), Wallet.class);
  }

  Answer withdraw(UUID walletId, UUID withdrawalId, long amountMinor) {
    return post(
        "/wallets/" + walletId + "/withdrawals",
        """
        {"withdrawalId":"%s","amountMinor":%d,"currency":"EUR","destination":"ba_1"}
        """
            .formatted(withdrawalId, amountMinor));
  }

  Answer approve(UUID withdrawalId) {
    return post("/withdrawals/" + withdrawalId + "/approve");
  }

  Answer reject(UUID withdrawalId) {
    return post("/withdrawals/" + withdrawalId + "/reject", "{\"reason\":\"no\"}");
  }

  WithdrawalState state(UUID withdrawalId) {
    return WithdrawalState.valueOf(
        get("/withdrawals/" + withdrawalId).ok().json().get("state").asString());
  }

  /** A withdrawal that a reviewer has approved. */
  UUID approvedWithdrawal(UUID walletId, long amountMinor) {
    var withdrawalId = UuidV7.next();
    withdraw(walletId, withdrawalId, amountMinor).ok();
    approve(withdrawalId).ok();
    return withdrawalId;
  }

  Answer hold(UUID walletId, String reference, long amountMinor, long expiresInSeconds) {
    return post(
        "/wallets/" + walletId + "/holds",
        """
        {"reference":"%s","amountMinor":%d,"currency":"EUR","expiresInSeconds":%d}
        """
            .formatted(reference, amountMinor, expiresInSeconds));
  }

  /** A hold of this much, for an hour. */
  UUID held(UUID walletId, long amountMinor) {
    var answer = hold(walletId, UuidV7.next().toString(), amountMinor, 3_600).ok();
    return UUID.fromString(answer.json().get("holdId").asString());
  }

  Answer confirmHold(UUID holdId, long amountMinor) {
    return post("/holds/" + holdId + "/confirm", "{\"amountMinor\":%d}".formatted(amountMinor));
  }

  Answer confirmHold(UUID holdId) {
    return post("/holds/" + holdId + "/confirm");
  }

  Answer releaseHold(UUID holdId) {
    return post("/holds/" + holdId + "/release");
  }

  Answer charge(UUID walletId, String reference, String service, long units) {
    return post(
        "/wallets/" + walletId + "/charges",
        "{\"reference\":\"%s\",\"service\":\"%s\",\"units\":%d}"
            .formatted(reference, service, units));
  }

  Answer issueVoucher(String code, long amountMinor, int uses, long minimumMinor, String expires) {
    return post(
        "/vouchers",
        """
        {"code":"%s","amountMinor":%d,"currency":"EUR","uses":%d,"minimumMinor":%d,"expiresAt":"%s"}
        """
            .formatted(code, amountMinor, uses, minimumMinor, expires));
  }

  /** A new voucher's code. */
  String voucher(long amountMinor, int uses) {
    String code = "V-" + UuidV7.next().toString().toUpperCase(java.util.Locale.ROOT);
    issueVoucher(code, amountMinor, uses, 0, "2099-01-01T00:00:00Z").ok();
    return code;
  }

  /** Rebuilds everything and fails if anything does not add up. */
  void checkLedger() {
    var result = post("/ledger/checks").ok().json();
    assertThat(result.get("differences").toString()).isEqualTo("[]");
    assertThat(result.get("complete").asBoolean()).isTrue();
  }
}
