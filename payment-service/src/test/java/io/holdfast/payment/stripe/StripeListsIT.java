package io.holdfast.payment.stripe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.holdfast.contracts.SagaId;
import io.holdfast.payment.provider.PaymentProvider;
import io.holdfast.payment.provider.ProviderAnswer;
import io.holdfast.payment.provider.ProviderRecord;
import io.holdfast.payment.provider.ProviderUnavailable;
import io.holdfast.payment.provider.TransferAnswer;
import io.holdfast.payment.provider.TransferKind;
import io.holdfast.payment.provider.TransferOrder;
import io.holdfast.payment.provider.TransferProvider;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Lists that break off, never end, or are none. */
@Tag("R-P4")
class StripeListsIT {

  private static final SagaId SAGA = SagaId.of("01931b5c-0000-7000-8000-000000000001");
  private static final Duration LONG = Duration.ofSeconds(20);
  private static final Duration SHORT = Duration.ofMillis(600);
  private static final Instant SENT = Instant.parse("2026-11-20T12:00:00Z");
  private static final String NOTHING_MORE =
      """
      {"object": "search_result", "has_more": false, "data": []}
      """;

  private final AtomicInteger pages = new AtomicInteger();
  private HttpServer server;
  private volatile Function<String, Answer> world = _ -> new Answer(200, "{}");

  private record Answer(int status, String body) {}

  @BeforeEach
  void startServer() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::answer);
    server.start();
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      var answer = world.apply(exchange.getRequestURI().toString());
      var bytes = answer.body().getBytes(StandardCharsets.UTF_8);
      exchange.sendResponseHeaders(answer.status(), bytes.length);
      exchange.getResponseBody().write(bytes);
    }
  }

  @AfterEach
  void stopServer() {
    server.stop(0);
  }

  private StripeConnection connection(int port) {
    return new StripeConnection("http://localhost:" + port, "sk_test_x", LONG, LONG);
  }

  private ProviderAnswer findPayment(Duration longestLook) {
    try (var connection = connection(server.getAddress().getPort())) {
      return new StripePaymentProvider(
              connection, new StripeLists(connection, Integer.MAX_VALUE, longestLook))
          .find(new PaymentProvider.Lookup(SAGA, null, SENT, SENT));
    }
  }

  private TransferAnswer findTransfer(TransferKind kind, Duration longestLook) {
    return findTransfer(server.getAddress().getPort(), kind, longestLook);
  }

  private TransferAnswer findTransfer(int port, TransferKind kind, Duration longestLook) {
    try (var connection = connection(port)) {
      var order = new TransferOrder(kind, SAGA.value(), SAGA.value(), 500, "EUR", "pi_0");
      return new StripeTransferProvider(
              connection, new StripeLists(connection, Integer.MAX_VALUE, longestLook))
          .find(new TransferProvider.Lookup(order, null, SENT, SENT));
    }
  }

  private Answer pageWithMore(String request) {
    String object =
        Stream.of("payment_intent", "refund", "payout")
            .filter(kind -> request.startsWith("/v1/" + kind + "s"))
            .findFirst()
            .orElseThrow();
    return new Answer(
        200,
        """
        {"object": "list", "has_more": true, "url": "/v1/%ss", "data": [
          {"id": "x_%d", "object": "%s", "status": "succeeded", "metadata": {}}]}
        """
            .formatted(object, pages.incrementAndGet(), object));
  }

  private void breaksOffAfterOnePage() {
    world = request -> pages.get() == 0 ? pageWithMore(request) : new Answer(503, "{}");
  }

  @Test
  @Tag("F13")
  void listThatBreaksOffLeavesThePaymentUnknown() {
    breaksOffAfterOnePage();

    assertThat(findPayment(LONG)).isInstanceOf(ProviderAnswer.Unknown.class);
    assertThat(pages).hasValue(1);
  }

  @ParameterizedTest
  @EnumSource
  @Tag("F13")
  void listThatBreaksOffLeavesTheTransferUnknown(TransferKind kind) {
    breaksOffAfterOnePage();

    assertThat(findTransfer(kind, LONG)).isInstanceOf(TransferAnswer.Unknown.class);
    assertThat(pages).hasValue(1);
  }

  @Test
  void booksThatBreakOffAreUnavailable() {
    breaksOffAfterOnePage();

    try (var connection = connection(server.getAddress().getPort())) {
      var books =
          new StripeTransferProvider(
              connection, new StripeLists(connection, Integer.MAX_VALUE, LONG));

      assertThatThrownBy(() -> books.list(ProviderRecord.Kind.PAYOUT, SENT, SENT, _ -> {}))
          .isInstanceOf(ProviderUnavailable.class);
    }
  }

  @Test
  @Tag("F13")
  void whatIsNoListIsNoProofThatThereIsNothing() {
    assertThat(findPayment(LONG)).isInstanceOf(ProviderAnswer.Unknown.class);
    assertThat(findTransfer(TransferKind.PAYOUT, LONG)).isInstanceOf(TransferAnswer.Unknown.class);
  }

  @Test
  @Timeout(10)
  void listWithoutEndIsLeftForTheSearch() {
    world =
        request ->
            request.contains("/search") ? new Answer(200, NOTHING_MORE) : pageWithMore(request);

    assertThat(findPayment(SHORT))
        .isInstanceOfSatisfying(
            ProviderAnswer.Absent.class, absent -> assertThat(absent.behind()).isPositive());
    assertThat(findTransfer(TransferKind.TOP_UP, SHORT)).isInstanceOf(TransferAnswer.Absent.class);
  }

  @ParameterizedTest
  @EnumSource(names = {"REFUND", "PAYOUT"})
  @Timeout(10)
  void listWithoutEndEndsInTimeWhereThereIsNoSearch(TransferKind kind) {
    world = this::pageWithMore;

    assertThat(findTransfer(kind, SHORT)).isInstanceOf(TransferAnswer.Unknown.class);
  }

  @Test
  @Timeout(10)
  void requestHasNoMoreTimeThanTheLookHasLeft() throws IOException {
    try (var silent = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      assertThat(findTransfer(silent.getLocalPort(), TransferKind.TOP_UP, SHORT))
          .isInstanceOf(TransferAnswer.Unknown.class);
    }
  }
}
