package io.holdfast.order;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.contracts.Reason;
import io.holdfast.contracts.SagaId;
import io.holdfast.contracts.saga.PlaceOrder;
import io.holdfast.contracts.saga.SagaContract;
import io.holdfast.contracts.saga.SagaEnded;
import io.holdfast.messaging.Envelope;
import io.holdfast.messaging.EnvelopeCodec;
import io.holdfast.messaging.Json;
import io.holdfast.messaging.TraceParent;
import io.holdfast.participant.testing.OutboxReader;
import io.holdfast.testing.HoldfastTest;
import io.holdfast.testing.TestServers;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The service as it is, on its own database. All suites share one context, for there is one
 * consumer group: every test makes its own orders.
 */
@HoldfastTest({
  "spring.config.name=order-service",
  "holdfast.order.resend.first-after=5s",
  "holdfast.order.resend.longest-pause=5s",
  "holdfast.order.follow.heartbeat=300ms",
  "holdfast.order.follow.longest-wait=10s"
})
abstract class RunningOrderService {

  static final JsonMapper JSON = JsonMapper.builder().build();

  private static final HttpClient HTTP =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  @Autowired JdbcClient jdbc;
  @Autowired OrderStore store;

  @Value("${local.server.port}")
  int port;

  private static @Nullable KafkaProducer<String, byte[]> producer;

  @BeforeEach
  void sellPens() {
    assertThat(put("/products/PEN", "{\"unitPriceMinor\":250,\"currency\":\"EUR\"}").status())
        .isIn(200, 201);
    assertThat(put("/products/TEA", "{\"unitPriceMinor\":700,\"currency\":\"GBP\"}").status())
        .isIn(200, 201);
  }

  @AfterAll
  static void closeProducer() {
    if (producer != null) {
      producer.close(Duration.ofSeconds(5));
      producer = null;
    }
  }

  record Answer(int status, Map<String, List<String>> headers, String text) {

    JsonNode body() {
      return JSON.readTree(text);
    }

    String state() {
      return body().path("state").asString();
    }

    UUID orderId() {
      return UUID.fromString(body().path("orderId").asString());
    }

    @Nullable String header(String name) {
      var values = headers.get(name);
      return values == null ? null : values.getFirst();
    }
  }

  static String newKey() {
    return UUID.randomUUID().toString();
  }

  static String pens(UUID customerId, long quantity) {
    return order(customerId, "PEN", quantity);
  }

  static String order(UUID customerId, String sku, long quantity) {
    return "{\"customerId\":\"%s\",\"lines\":[{\"sku\":\"%s\",\"quantity\":%d}]}"
        .formatted(customerId, sku, quantity);
  }

  Answer place(String body, String key, String... headers) {
    var request = request("/orders").header("Idempotency-Key", key);
    if (headers.length > 0) {
      request.headers(headers);
    }
    return send(
        request
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body)));
  }

  UUID placed() {
    var answer = place(pens(UUID.randomUUID(), 1), newKey());
    assertThat(answer.status()).isEqualTo(202);
    return answer.orderId();
  }

  Answer get(String path) {
    return send(request(path).GET());
  }

  Answer put(String path, String body) {
    return send(
        request(path)
            .header("Content-Type", "application/json")
            .PUT(HttpRequest.BodyPublishers.ofString(body)));
  }

  Answer post(String path, String... headers) {
    var request = request(path).POST(HttpRequest.BodyPublishers.noBody());
    if (headers.length > 0) {
      request.headers(headers);
    }
    return send(request);
  }

  HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create("http://localhost:" + port + path))
        .timeout(Duration.ofSeconds(40));
  }

  Answer send(HttpRequest.Builder request) {
    return within(sendAsync(request));
  }

  CompletableFuture<Answer> sendAsync(HttpRequest.Builder request) {
    return HTTP.sendAsync(request.build(), HttpResponse.BodyHandlers.ofString())
        .thenApply(
            response ->
                new Answer(response.statusCode(), response.headers().map(), response.body()));
  }

  /** What the service has said about one order. */
  List<Envelope> said(UUID orderId) {
    return new OutboxReader(jdbc)
        .since(Instant.now().minus(Duration.ofHours(1))).stream()
            .filter(message -> message.sagaId().value().equals(orderId))
            .toList();
  }

  List<Envelope> said(UUID orderId, String type) {
    return said(orderId).stream().filter(message -> message.type().equals(type)).toList();
  }

  static Envelope confirmed(UUID orderId) {
    return ended(orderId, new SagaEnded(PlaceOrder.DEFINITION, SagaEnded.Outcome.CONFIRMED, null));
  }

  static Envelope cancelled(UUID orderId, String code, String detail) {
    return ended(
        orderId,
        new SagaEnded(
            PlaceOrder.DEFINITION, SagaEnded.Outcome.CANCELLED, new Reason(code, detail)));
  }

  static Envelope ended(UUID orderId, SagaEnded ended) {
    return Envelope.first(
        "saga-orchestrator",
        SagaContract.ENDED_TYPE,
        new SagaId(orderId),
        TraceParent.random(),
        Json.bytes(ended));
  }

  /** Publishes to saga.events as the orchestrator's relay does. */
  static void publish(Envelope... messages) {
    if (producer == null) {
      producer =
          new KafkaProducer<>(
              Map.of("bootstrap.servers", TestServers.kafka().bootstrapServers(), "acks", "all"),
              new StringSerializer(),
              new ByteArraySerializer());
    }
    var sent = new ArrayList<Future<?>>();
    for (var message : messages) {
      var encoded = EnvelopeCodec.encode(SagaContract.EVENTS_TOPIC, message);
      var record = new ProducerRecord<>(encoded.topic(), encoded.key(), encoded.body());
      for (var header : encoded.headers()) {
        record.headers().add(header.name(), header.value().getBytes(StandardCharsets.UTF_8));
      }
      sent.add(producer.send(record));
    }
    for (var acknowledgement : sent) {
      assertThat(acknowledgement).succeedsWithin(Duration.ofSeconds(20));
    }
  }

  String state(UUID orderId) {
    return get("/orders/" + orderId).state();
  }

  static <T> T within(CompletableFuture<T> future) {
    return future.orTimeout(60, TimeUnit.SECONDS).join();
  }
}
