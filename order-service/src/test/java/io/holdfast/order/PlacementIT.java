package io.holdfast.order;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.holdfast.contracts.saga.PlaceOrder;
import io.holdfast.contracts.saga.SagaContract;
import io.holdfast.contracts.saga.StartSaga;
import io.holdfast.messaging.Json;
import io.holdfast.order.PlacementOutcome.Existing;
import io.holdfast.order.PlacementOutcome.Placed;
import io.holdfast.testing.StatementCounter;
import io.micrometer.core.instrument.MeterRegistry;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.transaction.support.TransactionTemplate;

class PlacementIT extends RunningOrderService {

  @Autowired PlacementHandler handler;
  @Autowired PlacementQueue queue;
  @Autowired TransactionTemplate transactions;
  @Autowired MeterRegistry metrics;
  @Autowired StatementCounter statements;

  @Test
  void answersAtOnceWithAPendingOrder() {
    var customer = UUID.randomUUID();

    var answer = place(pens(customer, 3), newKey());

    assertThat(answer.status()).isEqualTo(202);
    assertThat(answer.header("location")).isEqualTo("/orders/" + answer.orderId());
    assertThat(answer.state()).isEqualTo("PENDING");
    assertThat(answer.body().path("totalMinor").asLong()).isEqualTo(750);
    assertThat(answer.body().path("currency").asString()).isEqualTo("EUR");
    assertThat(answer.body().path("customerId").asString()).isEqualTo(customer.toString());
    assertThat(answer.body()).isEqualTo(get("/orders/" + answer.orderId()).body());
  }

  @Test
  @Tag("R-O1")
  void storesOrderLinesEventAndStartMessageTogether() {
    var customer = UUID.randomUUID();
    var trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

    var orderId =
        place(
                "{\"customerId\":\"%s\",\"paymentMethod\":\"pm_card_visa\",\"lines\":[{\"sku\":\"PEN\",\"quantity\":1},{\"sku\":\"PEN\",\"quantity\":2}]}"
                    .formatted(customer),
                newKey(),
                "traceparent",
                trace)
            .orderId();

    assertThat(rows("order_line", orderId)).isEqualTo(2);
    assertThat(rows("order_event", orderId)).isEqualTo(1);
    var starts = said(orderId, SagaContract.START_TYPE);
    assertThat(starts).hasSize(1);
    assertThat(starts.getFirst().trace().traceId()).isEqualTo("0af7651916cd43dd8448eb211c80319c");
    var start = Json.read(starts.getFirst().body(), StartSaga.class);
    assertThat(start.definition()).isEqualTo("place-order");
    assertThat(Json.read(start.input(), PlaceOrder.class))
        .isEqualTo(
            new PlaceOrder(
                customer,
                List.of(new PlaceOrder.Line("PEN", 1), new PlaceOrder.Line("PEN", 2)),
                750,
                "EUR",
                "pm_card_visa"));
  }

  @Test
  @Tag("R-O1")
  void leavesNothingBehindWhenTheTransactionFails() {
    var placement = Placements.of("PEN", 1);

    assertThatThrownBy(
            () ->
                transactions.executeWithoutResult(
                    _ -> {
                      handler.write(List.of(placement));
                      throw new IllegalStateException("on purpose");
                    }))
        .hasMessage("on purpose");

    assertThat(rows("orders", placement.orderId())).isZero();
    assertThat(rows("order_line", placement.orderId())).isZero();
    assertThat(rows("order_event", placement.orderId())).isZero();
    assertThat(said(placement.orderId())).isEmpty();
  }

  @Test
  void keepsThePriceOfThePlacement() {
    var sku = "BOOK-" + UUID.randomUUID().toString().substring(0, 8);
    put("/products/" + sku, "{\"unitPriceMinor\":1000,\"currency\":\"EUR\"}");
    var orderId = place(order(UUID.randomUUID(), sku, 2), newKey()).orderId();

    put("/products/" + sku, "{\"unitPriceMinor\":5000,\"currency\":\"EUR\"}");

    var order = get("/orders/" + orderId).body();
    assertThat(order.path("totalMinor").asLong()).isEqualTo(2000);
    assertThat(order.path("lines").get(0).path("unitPriceMinor").asLong()).isEqualTo(1000);
  }

  @Test
  @Tag("F68")
  @Tag("R-O3")
  void fiftyParallelRequestsWithOneKeyAreOneOrder() {
    var customer = UUID.randomUUID();
    var key = newKey();

    var answers = parallel(50, _ -> pens(customer, 1), _ -> key);

    assertThat(answers).extracting(Answer::status).containsOnly(202);
    assertThat(answers).extracting(Answer::text).containsOnly(answers.getFirst().text());
    assertThat(answers)
        .extracting(answer -> answer.header("idempotency-replayed"))
        .filteredOn("true"::equals)
        .hasSize(49);
    assertThat(orders(customer)).isEqualTo(1);
  }

  @Test
  @Tag("F68")
  @Tag("R-O3")
  void oneKeyForDifferentRequestsInParallelIsOneOrderAndRefusals() {
    var customer = UUID.randomUUID();
    var key = newKey();

    var answers = parallel(50, i -> pens(customer, 1 + i % 2), _ -> key);

    assertThat(answers).extracting(Answer::status).containsOnly(202, 422);
    assertThat(answers).filteredOn(answer -> answer.status() == 202).hasSize(25);
    assertThat(answers)
        .filteredOn(answer -> answer.status() == 422)
        .allSatisfy(
            answer ->
                assertThat(answer.body().path("code").asString())
                    .isEqualTo("IDEMPOTENCY_KEY_REUSED"));
    assertThat(orders(customer)).isEqualTo(1);
  }

  @Test
  @Tag("F68")
  void aKeyBelongsToItsCustomer() {
    var key = newKey();

    var one = place(pens(UUID.randomUUID(), 1), key);
    var other = place(pens(UUID.randomUUID(), 1), key);

    assertThat(other.status()).isEqualTo(202);
    assertThat(other.orderId()).isNotEqualTo(one.orderId());
  }

  @Test
  @Tag("F69")
  void aKeyIsKnownAsLongAsItsOrderAndGivesWhereItStands() {
    var customer = UUID.randomUUID();
    var key = newKey();
    var orderId = place(pens(customer, 1), key).orderId();
    publish(confirmed(orderId));
    await().until(() -> state(orderId).equals("CONFIRMED"));

    var again = place(pens(customer, 1), key);

    assertThat(again.status()).isEqualTo(201);
    assertThat(again.orderId()).isEqualTo(orderId);
    assertThat(again.state()).isEqualTo("CONFIRMED");
    assertThat(again.header("idempotency-replayed")).isEqualTo("true");
  }

  @Test
  @Tag("F66")
  @Tag("F68")
  void aCommitWithoutAnAnswerIsFoundAgain() {
    var attempts = new AtomicInteger();
    var losesTheFirstAnswer =
        new PlacementQueue(
            batch -> {
              var outcomes = handler.write(batch);
              if (attempts.getAndIncrement() == 0) {
                throw new DataAccessResourceFailureException("connection lost after the commit");
              }
              return outcomes;
            },
            PlacementHandler::blamesPlacement,
            new OrderProperties.Placement(1, 500, 100, Duration.ofSeconds(10)));
    losesTheFirstAnswer.start();
    var placement = Placements.of("PEN", 1);

    var outcome = losesTheFirstAnswer.place(placement);
    losesTheFirstAnswer.close();

    assertThat(outcome).isEqualTo(new Existing(placement.orderId(), true));
    assertThat(rows("orders", placement.orderId())).isEqualTo(1);
    assertThat(said(placement.orderId(), SagaContract.START_TYPE)).hasSize(1);
    assertThat(queue.place(repeated(placement)))
        .isEqualTo(new Existing(placement.orderId(), false));
  }

  @Test
  void oneBatchWithOneKeyTwiceIsOneOrder() {
    var customer = UUID.randomUUID();
    var first = Placements.of(customer, "key", "PEN", 1);
    var second = Placements.of(customer, "key", "PEN", 1);
    var other = Placements.of(customer, "key", "PEN", 2);

    var outcomes = handler.write(List.of(first, second, other));

    assertThat(outcomes).hasSize(3);
    assertThat(outcomes.get(0)).isInstanceOf(Placed.class);
    assertThat(outcomes.get(1)).isEqualTo(new Existing(first.orderId(), false));
    assertThat(outcomes.get(2)).isEqualTo(new PlacementOutcome.KeyReused());
  }

  @Test
  @Tag("F19")
  void placementsThatWaitTogetherAreStoredTogether() throws InterruptedException {
    var customer = UUID.randomUUID();
    var release = new CountDownLatch(1);
    var holding = new CountDownLatch(1);
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var holder =
          CompletableFuture.runAsync(
              () -> holdKeysUntil(release, holding, customer, "one", "two"), threads);
      assertThat(holding.await(20, TimeUnit.SECONDS)).isTrue();
      var batches = metrics.get("orders.placement.batch.size").summary();
      long batchesBefore = batches.count();
      var one = blocked(threads, customer, "one");
      await().until(() -> blockedInserts() == 1);
      var two = blocked(threads, customer, "two");
      await().until(() -> blockedInserts() == 2);

      var answers =
          CompletableFuture.supplyAsync(
              () -> parallel(200, i -> pens(UUID.randomUUID(), 1 + i % 3), _ -> newKey()), threads);
      await().until(() -> queue.waiting() == 200);
      release.countDown();

      assertThat(within(answers)).extracting(Answer::status).containsOnly(202);
      assertThat(within(one)).isInstanceOf(Placed.class);
      assertThat(within(two)).isInstanceOf(Placed.class);
      within(holder);
      assertThat(batches.count() - batchesBefore).isLessThanOrEqualTo(4);
    }
  }

  private static final String BLOCKED_INSERTS =
      """
      select count(*) from pg_stat_activity
      where datname = current_database() and wait_event_type = 'Lock' and query like 'insert into orders%'
      """;

  private long blockedInserts() {
    return jdbc.sql(BLOCKED_INSERTS).query(Long.class).single();
  }

  @Test
  void aBatchTakesFourStatementsWhateverItsSize() {
    var batch = Stream.generate(() -> Placements.of("PEN", 1)).limit(100).toList();

    var one = statements.executedBy(() -> handler.write(List.of(Placements.of("PEN", 1))));
    var hundred = statements.executedBy(() -> handler.write(batch));

    assertThat(one).hasSize(4);
    assertThat(hundred).isEqualTo(one);
  }

  /** An open transaction that has inserted these keys: whoever wants them too has to wait. */
  private void holdKeysUntil(
      CountDownLatch release, CountDownLatch holding, UUID customer, String... keys) {
    transactions.executeWithoutResult(
        status -> {
          handler.write(
              Stream.of(keys).map(key -> Placements.of(customer, key, "PEN", 1)).toList());
          holding.countDown();
          try {
            assertThat(release.await(20, TimeUnit.SECONDS)).isTrue();
          } catch (InterruptedException e) {
            throw new IllegalStateException(e);
          }
          status.setRollbackOnly();
        });
  }

  private CompletableFuture<PlacementOutcome> blocked(Executor threads, UUID customer, String key) {
    var placement = Placements.of(customer, key, "PEN", 1);
    return CompletableFuture.supplyAsync(() -> queue.place(placement), threads);
  }

  private List<Answer> parallel(int count, IntFunction<String> body, IntFunction<String> key) {
    var answers = new ArrayList<CompletableFuture<Answer>>();
    for (int i = 0; i < count; i++) {
      answers.add(
          sendAsync(
              request("/orders")
                  .header("Idempotency-Key", key.apply(i))
                  .header("Content-Type", "application/json")
                  .POST(HttpRequest.BodyPublishers.ofString(body.apply(i)))));
    }
    return answers.stream().map(RunningOrderService::within).toList();
  }

  private static Placement repeated(Placement placement) {
    return Placements.of(placement.customerId(), placement.idempotencyKey(), "PEN", 1);
  }

  private long rows(String table, UUID orderId) {
    return jdbc.sql("select count(*) from " + table + " where order_id = ?")
        .param(orderId)
        .query(Long.class)
        .single();
  }

  private long orders(UUID customerId) {
    return jdbc.sql("select count(*) from orders where customer_id = ?")
        .param(customerId)
        .query(Long.class)
        .single();
  }
}
