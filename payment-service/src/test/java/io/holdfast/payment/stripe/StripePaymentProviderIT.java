package io.holdfast.payment.stripe;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.holdfast.contracts.Reason;
import io.holdfast.contracts.SagaId;
import io.holdfast.payment.provider.ProviderAnswer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What each kind of answer means, as it comes over the wire. */
@Tag("R-P4")
class StripePaymentProviderIT {

  private static final SagaId SAGA = SagaId.of("01931b5c-0000-7000-8000-000000000001");
  private static final Duration LIMIT = Duration.ofMillis(400);
  private static final Reason DECLINED = new Reason("CARD_DECLINED", "card declined");
  private static final String CARD_ERROR =
      """
      {"error": {"type": "card_error", "code": "card_declined", "message": "no",
        "payment_intent": {"id": "pi_9", "object": "payment_intent"}}}
      """;
  private static final String OTHER_ERROR =
      """
      {"error": {"type": "%s", "code": "%s", "message": "no"}}
      """;

  private final List<String> keys = new CopyOnWriteArrayList<>();
  private HttpServer server;
  private int status = 200;
  private String body = "{}";

  @BeforeEach
  void startServer() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          try (exchange) {
            exchange.getRequestBody().readAllBytes();
            keys.add(String.valueOf(exchange.getRequestHeaders().getFirst("Idempotency-Key")));
            var bytes = body.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
            exchange.getResponseBody().write(bytes);
          }
        });
    server.start();
  }

  @AfterEach
  void stopServer() {
    server.stop(0);
  }

  private static StripeConnection connection(int port) {
    return new StripeConnection("http://localhost:" + port, "sk_test_x", LIMIT, LIMIT);
  }

  private ProviderAnswer authorise(int answerStatus, String answerBody) {
    status = answerStatus;
    body = answerBody;
    return authorise(server.getAddress().getPort());
  }

  private ProviderAnswer authorise(int port) {
    try (var connection = connection(port)) {
      return new StripePaymentProvider(connection, new StripeLists(connection, 100, LIMIT))
          .authorise(SAGA, 1_000, "EUR", "pm_card_visa", "key-1");
    }
  }

  private static String intent(String status) {
    return """
        {"id": "pi_1", "object": "payment_intent", "status": "%s", "metadata": {},
         "latest_charge": {"id": "ch_1", "object": "charge", "payment_method_details":
           {"type": "card", "card": {"capture_before": 1763640000}}}}
        """
        .formatted(status);
  }

  @Test
  void statusOfTheIntentDecides() {
    assertThat(authorise(200, intent("requires_capture")))
        .isEqualTo(new ProviderAnswer.Authorised("pi_1", Instant.ofEpochSecond(1763640000)));
    assertThat(authorise(200, intent("succeeded"))).isEqualTo(new ProviderAnswer.Captured("pi_1"));
    assertThat(authorise(200, intent("canceled"))).isEqualTo(new ProviderAnswer.Voided("pi_1"));
    assertThat(authorise(200, intent("requires_payment_method")))
        .isEqualTo(new ProviderAnswer.Declined("pi_1", DECLINED));
    assertThat(authorise(200, intent("processing"))).isInstanceOf(ProviderAnswer.Unknown.class);
    assertThat(authorise(200, "{}")).isInstanceOf(ProviderAnswer.Unknown.class);
  }

  @Test
  void requestCarriesItsIdempotencyKey() {
    authorise(200, intent("requires_capture"));

    assertThat(keys).containsExactly("key-1");
  }

  @Test
  void cardErrorIsADecline() {
    assertThat(authorise(402, CARD_ERROR)).isEqualTo(new ProviderAnswer.Declined("pi_9", DECLINED));
  }

  @Test
  void requestThatCannotBeIsRejected() {
    assertThat(authorise(400, OTHER_ERROR.formatted("invalid_request_error", "resource_missing")))
        .isInstanceOfSatisfying(
            ProviderAnswer.Declined.class,
            declined -> assertThat(declined.reason().code()).isEqualTo("PAYMENT_REJECTED"));
  }

  @Test
  @Tag("F13")
  void whatMayHaveBeenDoneIsUnknownAndNotSentAgain() {
    assertThat(authorise(409, OTHER_ERROR.formatted("idempotency_error", "in_use")))
        .isInstanceOf(ProviderAnswer.Unknown.class);
    assertThat(authorise(400, OTHER_ERROR.formatted("idempotency_error", "reused")))
        .isInstanceOf(ProviderAnswer.Unknown.class);
    assertThat(authorise(429, OTHER_ERROR.formatted("rate_limit_error", "rate_limit")))
        .isInstanceOf(ProviderAnswer.Unknown.class);
    assertThat(authorise(500, OTHER_ERROR.formatted("api_error", "boom")))
        .isInstanceOf(ProviderAnswer.Unknown.class);
    assertThat(authorise(503, "")).isInstanceOf(ProviderAnswer.Unknown.class);
    assertThat(authorise(502, "<html>")).isInstanceOf(ProviderAnswer.Unknown.class);
    assertThat(keys).hasSize(6);
  }

  @Test
  void refusedKeyHasDoneNothingAndSaysWhatToCheck() {
    assertThat(authorise(401, OTHER_ERROR.formatted("invalid_request_error", "api_key_invalid")))
        .isInstanceOfSatisfying(
            ProviderAnswer.Untouched.class,
            untouched -> assertThat(untouched.why()).contains("holdfast.payment.api-key"));
  }

  @Test
  void refusedConnectionHasDoneNothing() throws IOException {
    int closed;
    try (var socket = new ServerSocket(0)) {
      closed = socket.getLocalPort();
    }

    assertThat(authorise(closed)).isInstanceOf(ProviderAnswer.Untouched.class);
  }

  @Test
  @Tag("F13")
  void answerThatDoesNotComeInTimeIsUnknown() throws IOException {
    try (var silent = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      assertThat(authorise(silent.getLocalPort())).isInstanceOf(ProviderAnswer.Unknown.class);
    }
  }

  @Test
  @Tag("F13")
  @Timeout(30)
  void answerThatBeginsAndNeverEndsIsUnknown() throws IOException {
    try (var stalling = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      Thread.ofVirtual().start(() -> answerInPart(stalling));

      assertThat(authorise(stalling.getLocalPort())).isInstanceOf(ProviderAnswer.Unknown.class);
    }
  }

  /** Headers and one byte of a hundred; the connection stays open until the server is closed. */
  private static void answerInPart(ServerSocket server) {
    try (var connection = server.accept()) {
      connection
          .getOutputStream()
          .write(
              "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{".getBytes(StandardCharsets.UTF_8));
      server.accept().close();
    } catch (IOException e) {
      // The test has closed the server: it has seen enough.
    }
  }
}
