package io.holdfast.payment;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Value;

/** The sandbox keeps the provider's promises, so that tests against it mean something. */
@PaymentServiceTest
class SandboxIT {

  private static final HttpClient CLIENT = HttpClient.newHttpClient();

  @Value("${local.server.port}")
  private int port;

  private HttpRequest creation(String key, long amount, String card, String apiKey) {
    return HttpRequest.newBuilder(
            URI.create("http://localhost:" + port + "/sandbox/v1/payment_intents"))
        .header("Authorization", "Bearer " + apiKey)
        .header("Idempotency-Key", key)
        .header("Content-Type", "application/x-www-form-urlencoded")
        .POST(
            HttpRequest.BodyPublishers.ofString(
                "amount=%d&currency=eur&payment_method=%s&capture_method=manual&confirm=true"
                    .formatted(amount, card)))
        .build();
  }

  private HttpResponse<String> create(String key, long amount)
      throws IOException, InterruptedException {
    return CLIENT.send(
        creation(key, amount, "pm_card_visa", "sk_test_x"), HttpResponse.BodyHandlers.ofString());
  }

  @Test
  void sameKeyAndBodyGiveTheSameAnswer() throws IOException, InterruptedException {
    String key = UUID.randomUUID().toString();

    var first = create(key, 500);
    var second = create(key, 500);

    assertThat(first.statusCode()).isEqualTo(200);
    assertThat(second.body()).isEqualTo(first.body());
    assertThat(second.headers().firstValue("Idempotent-Replayed")).contains("true");
  }

  @Test
  void sameKeyWithAnotherBodyIsAnError() throws IOException, InterruptedException {
    String key = UUID.randomUUID().toString();
    create(key, 500);

    var other = create(key, 501);

    assertThat(other.statusCode()).isEqualTo(400);
    assertThat(other.body()).contains("idempotency_error");
  }

  @Test
  void sameKeyWhileItIsInProgressIsAConflict() {
    String key = UUID.randomUUID().toString();
    var request = creation(key, 500, "pm_card_slow", "sk_test_x");

    var first = CLIENT.sendAsync(request, HttpResponse.BodyHandlers.ofString());
    var second = CLIENT.sendAsync(request, HttpResponse.BodyHandlers.ofString());
    CompletableFuture.allOf(first, second).join();

    assertThat(new int[] {first.join().statusCode(), second.join().statusCode()})
        .containsExactlyInAnyOrder(200, 409);
  }

  @Test
  void keyThatIsNoTestKeyIsRefused() throws IOException, InterruptedException {
    var request = creation(UUID.randomUUID().toString(), 500, "pm_card_visa", "sk_live_x");

    var answer = CLIENT.send(request, HttpResponse.BodyHandlers.ofString());

    assertThat(answer.statusCode()).isEqualTo(401);
  }

  @Test
  void amountThatIsNoneIsRefusedAndItsKeyIsFree() throws IOException, InterruptedException {
    String key = UUID.randomUUID().toString();

    var refused = create(key, 0);
    var corrected = create(key, 500);

    assertThat(refused.statusCode()).isEqualTo(400);
    assertThat(corrected.statusCode()).isEqualTo(200);
  }
}
