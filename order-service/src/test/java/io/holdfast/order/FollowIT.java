package io.holdfast.order;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.holdfast.contracts.Reason;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.transaction.support.TransactionTemplate;

/** Waiting for an order: {@code Prefer: wait} and server-sent events. */
class FollowIT extends RunningOrderService {

  @Autowired TransactionTemplate transactions;

  @Test
  void whoPrefersToWaitGetsTheFinalState() {
    var customer = UUID.randomUUID();
    var answer = placeAndWait(customer, "wait=9");
    var orderId = onlyOrder(customer);

    publish(cancelled(orderId, "INSUFFICIENT_STOCK", "insufficient stock: PEN"));

    var ended = within(answer);
    assertThat(ended.status()).isEqualTo(201);
    assertThat(ended.state()).isEqualTo("REJECTED");
    assertThat(ended.header("preference-applied")).isEqualTo("wait=9");
    assertThat(ended.header("location")).isEqualTo("/orders/" + orderId);
    assertThat(ended.body()).isEqualTo(get("/orders/" + orderId).body());
  }

  @Test
  void whoHasWaitedLongEnoughGetsTheOrderAsItStands() {
    var answer = place(pens(UUID.randomUUID(), 1), newKey(), "Prefer", "wait=1");

    assertThat(answer.status()).isEqualTo(202);
    assertThat(answer.state()).isEqualTo("PENDING");
    assertThat(answer.header("preference-applied")).isEqualTo("wait=1");
  }

  @Test
  void whoWaitsIsToldOfWhatAnotherInstanceCommitted() {
    var customer = UUID.randomUUID();
    var answer = placeAndWait(customer, "wait=9");
    var orderId = onlyOrder(customer);

    endElsewhere(orderId);

    assertThat(within(answer).state()).isEqualTo("CANCELLED");
  }

  @Test
  void aStreamTellsWhereAnOrderStandsThenEachChangeAndEndsWithTheLast() {
    var orderId = placed();
    var stream = follow(orderId, null);
    await().until(() -> !stream.data().isEmpty());

    post("/orders/" + orderId + "/cancel");
    await().until(() -> stream.data().size() == 2);
    await().until(() -> stream.lines().stream().anyMatch(line -> line.startsWith(":")));
    publish(cancelled(orderId, "CANCELLED_BY_CUSTOMER", "cancelled by the customer"));
    within(stream.end());

    assertThat(stream.status()).isEqualTo(200);
    assertThat(stream.lines()).contains("id:1", "id:2", "id:3");
    assertThat(stream.data())
        .extracting(data -> JSON.readTree(data).path("state").asString())
        .containsExactly("PENDING", "PENDING", "CANCELLED");
    assertThat(JSON.readTree(stream.data().get(1)).path("reason").path("code").asString())
        .isEqualTo("CANCEL_REQUESTED");
  }

  @Test
  void aStreamThatComesLateStartsWithWhereTheOrderStands() {
    var orderId = placed();
    publish(confirmed(orderId));
    await().until(() -> state(orderId).equals("CONFIRMED"));

    var stream = follow(orderId, null);
    within(stream.end());

    assertThat(stream.data()).hasSize(1);
    assertThat(stream.lines()).contains("id:2");
  }

  @Test
  void aStreamContinuesBehindWhatItsClientHasSeen() {
    var orderId = placed();
    publish(confirmed(orderId));
    await().until(() -> state(orderId).equals("CONFIRMED"));

    var all = follow(orderId, "0");
    within(all.end());
    var rest = follow(orderId, "1");
    within(rest.end());
    var nothing = follow(orderId, "2");
    within(nothing.end());

    assertThat(all.data()).hasSize(2);
    assertThat(rest.data()).hasSize(1);
    assertThat(nothing.status()).isEqualTo(204);
  }

  @Test
  void whatCannotHaveBeenSeenIsNotTakenAsSeen() {
    var orderId = placed();
    var stream = follow(orderId, "50");
    await().until(() -> !stream.data().isEmpty());

    publish(confirmed(orderId));
    within(stream.end());
    var again = follow(orderId, "51");
    within(again.end());

    assertThat(stream.lines()).contains("id:1", "id:2");
    assertThat(again.status()).isEqualTo(200);
    assertThat(again.lines()).contains("id:2");
  }

  @Test
  void aStreamIsToldOfWhatAnotherInstanceCommitted() {
    var orderId = placed();
    var stream = follow(orderId, null);
    await().until(() -> !stream.data().isEmpty());

    endElsewhere(orderId);
    within(stream.end());

    assertThat(stream.data()).hasSize(2);
  }

  @Test
  @Tag("R-O4")
  void somebodyElsesOrderCannotBeFollowed() {
    var orderId = placed();

    var foreign =
        send(
            request("/orders/" + orderId + "/events?customerId=" + UUID.randomUUID())
                .header("Accept", "text/event-stream")
                .GET());

    assertThat(foreign.status()).isEqualTo(404);
    assertThat(foreign.body().path("code").asString()).isEqualTo("UNKNOWN_ORDER");
  }

  private record Stream(List<String> lines, CompletableFuture<HttpResponse<Void>> response) {

    int status() {
      return response.join().statusCode();
    }

    CompletableFuture<HttpResponse<Void>> end() {
      return response;
    }

    List<String> data() {
      return lines.stream()
          .filter(line -> line.startsWith("data:"))
          .map(line -> line.substring("data:".length()))
          .toList();
    }
  }

  private Stream follow(UUID orderId, @Nullable String lastEventId) {
    var lines = new CopyOnWriteArrayList<String>();
    var request = request("/orders/" + orderId + "/events").header("Accept", "text/event-stream");
    if (lastEventId != null) {
      request.header("Last-Event-ID", lastEventId);
    }
    var response =
        HttpClient.newHttpClient()
            .sendAsync(
                request.GET().build(),
                HttpResponse.BodyHandlers.fromLineSubscriber(new Lines(lines)));
    return new Stream(lines, response);
  }

  private record Lines(List<String> lines) implements Flow.Subscriber<String> {

    @Override
    public void onSubscribe(Flow.Subscription subscription) {
      subscription.request(Long.MAX_VALUE);
    }

    @Override
    public void onNext(String line) {
      lines.add(line);
    }

    @Override
    public void onError(Throwable failure) {
      lines.add("failed: " + failure);
    }

    @Override
    public void onComplete() {}
  }

  private CompletableFuture<Answer> placeAndWait(UUID customer, String preference) {
    return sendAsync(
        request("/orders")
            .header("Idempotency-Key", newKey())
            .header("Prefer", preference)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(pens(customer, 1))));
  }

  private UUID onlyOrder(UUID customer) {
    await().until(() -> get("/orders?customerId=" + customer).body().path("orders").size() == 1);
    return UUID.fromString(
        get("/orders?customerId=" + customer)
            .body()
            .path("orders")
            .get(0)
            .path("orderId")
            .asString());
  }

  /** As an instance does whose memory this one does not share. */
  private void endElsewhere(UUID orderId) {
    transactions.executeWithoutResult(
        _ ->
            store.end(
                List.of(new OrderStore.End(orderId, OrderState.CANCELLED, Reason.DEADLINE_PASSED)),
                Duration.ofSeconds(5)));
  }
}
