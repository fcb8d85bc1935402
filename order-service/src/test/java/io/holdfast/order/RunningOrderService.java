package io.holdfast.order;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.holdfast.contracts.Reason;
import io.holdfast.contracts.SagaId;
import io.holdfast.contracts.saga.PlaceOrder;
import io.holdfast.contracts.saga.SagaContract;
import io.holdfast.contracts.saga.SagaEnded;
import io.holdfast.contracts.saga.StartSaga;
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
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;
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
 * consumer group: every test makes its own orders. Nothing is sent again while a test lasts, unless
 * the test makes it due.
 */
@HoldfastTest({
  "spring.config.name=order-service",
  "holdfast.order.approval.above-minor.CHF=10000",
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

  private final Instant begin = Instant.now();

  private static @Nullable KafkaProducer<String, byte[]> producer;

  @BeforeEach
  void sellPens() {
    assertThat(put("/products/PEN", "{\"unitPriceMinor\":250,\"currency\":\"EUR\"}").status())
        .isIn(200, 201);
    assertThat(put("/products/WATCH", "{\"unitPriceMinor\":5000,\"currency\":\"CHF\"}").status())
        .isIn(200, 201);
    assertThat(put("/products/TEA", "{\"unitPriceMinor\":700,\"currency\":\"GBP\"}").status())
        .isIn(200, 201);
  }

  @AfterAll
  static synchronized void closeProducer() {
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

  /** Posts JSON. */
  Answer send(String path, String body, String... headers) {
    return send(posting(path, body, headers));
  }

  HttpRequest.Builder posting(String path, String body, String... headers) {
    var request = request(path);
    if (headers.length > 0) {
      request.headers(headers);
    }
    return request
        .header("Content-Type", "application/json")
        .POST(HttpRequest.BodyPublishers.ofString(body));
  }

  /** What so many actors get who all begin at the same moment, each on a thread of its own. */
  static <T> List<T> together(int actors, IntFunction<T> action) {
    var begin = new CountDownLatch(1);
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var results = new ArrayList<CompletableFuture<T>>();
      for (int i = 0; i < actors; i++) {
        int actor = i;
        results.add(
            CompletableFuture.supplyAsync(
                () -> {
                  try {
                    begin.await();
                  } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                  }
                  return action.apply(actor);
                },
                threads));
      }
      begin.countDown();
      return results.stream().map(RunningOrderService::within).toList();
    }
  }

  static void assertProblem(Answer answer, int status, String code) {
    assertThat(answer.status()).as(answer.text()).isEqualTo(status);
    assertThat(answer.header("content-type")).startsWith("application/problem+json");
    assertThat(answer.body().path("status").asInt()).isEqualTo(status);
    assertThat(answer.body().path("title").asString()).isNotEmpty();
    assertThat(answer.body().path("detail").asString()).isNotEmpty();
    assertThat(answer.body().path("code").asString()).isEqualTo(code);
  }

  /** An order that its saga has confirmed. */
  UUID confirmedOrder(String body) {
    var answer = place(body, newKey());
    assertThat(answer.status()).as(answer.text()).isEqualTo(202);
    publish(confirmed(answer.orderId()));
    awaitState(answer.orderId(), "CONFIRMED");
    return answer.orderId();
  }

  /** Makes the order's timer look after it at once, as it does by itself after a while. */
  void makeDue(UUID orderId) {
    makeDue("update orders set next_action_at = now() where order_id = ?", orderId);
  }

  void makeRefundDue(UUID refundId) {
    makeDue("update refund set next_action_at = now() where refund_id = ?", refundId);
  }

  private void makeDue(String update, UUID id) {
    assertThat(jdbc.sql(update).param(id).update()).isEqualTo(1);
  }

  void awaitState(UUID orderId, String state) {
    await().until(() -> state(orderId).equals(state));
  }

  /** What the service asked of the saga that refunds. */
  List<StartSaga> started(UUID sagaId) {
    return said(sagaId, SagaContract.START_TYPE).stream()
        .map(message -> Json.read(message.body(), StartSaga.class))
        .toList();
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

  /** What the service has said about one order, or another saga, since the test began. */
  List<Envelope> said(UUID sagaId) {
    return new OutboxReader(jdbc)
        .since(begin).stream().filter(message -> message.sagaId().value().equals(sagaId)).toList();
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

  private static synchronized KafkaProducer<String, byte[]> producer() {
    if (producer == null) {
      producer =
          new KafkaProducer<>(
              Map.of("bootstrap.servers", TestServers.kafka().bootstrapServers(), "acks", "all"),
              new StringSerializer(),
              new ByteArraySerializer());
    }
    return producer;
  }

  /** Publishes to saga.events as the orchestrator's relay does. */
  static void publish(Envelope... messages) {
    var kafka = producer();
    var sent = new ArrayList<Future<?>>();
    for (var message : messages) {
      var encoded = EnvelopeCodec.encode(SagaContract.EVENTS_TOPIC, message);
      var record = new ProducerRecord<>(encoded.topic(), encoded.key(), encoded.body());
      for (var header : encoded.headers()) {
        record.headers().add(header.name(), header.value().getBytes(StandardCharsets.UTF_8));
      }
      sent.add(kafka.send(record));
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
