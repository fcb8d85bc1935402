package io.holdfast.order;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.contracts.saga.PlaceOrder;
import io.holdfast.contracts.saga.SagaContract;
import io.holdfast.messaging.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class ListAndBulkIT extends RunningOrderService {

  @Test
  @Tag("R-O4")
  void aListIsFilteredByTimeAndStateAndShowsOneCustomersOrders() {
    var customer = UUID.randomUUID();
    var ids = new ArrayList<UUID>();
    for (int i = 1; i <= 5; i++) {
      ids.add(place(pens(customer, i), newKey()).orderId());
    }
    place(pens(UUID.randomUUID(), 1), newKey());
    publish(confirmed(ids.get(1)), confirmed(ids.get(3)));
    awaitState(ids.get(1), "CONFIRMED");
    awaitState(ids.get(3), "CONFIRMED");
    String from = get("/orders/" + ids.get(1)).body().path("placedAt").asString();
    String to = get("/orders/" + ids.get(4)).body().path("placedAt").asString();
    var list = "/orders?customerId=" + customer;

    assertThat(listed(list)).containsExactlyElementsOf(ids.reversed());
    assertThat(listed(list + "&from=" + from + "&to=" + to))
        .containsExactly(ids.get(3), ids.get(2), ids.get(1));
    assertThat(listed(list + "&state=CONFIRMED&from=" + from))
        .containsExactly(ids.get(3), ids.get(1));
    assertThat(listed(list + "&after=" + ids.get(3) + "&limit=2"))
        .containsExactly(ids.get(2), ids.get(1));
    assertProblem(get(list + "&from=yesterday"), 400, "INVALID_FIELD");
    assertProblem(get(list + "&form=" + from), 400, "UNKNOWN_FIELD");
  }

  @Test
  void aVoucherIsHandedOnToTheSaga() {
    var body =
        "{\"customerId\":\"%s\",\"voucherCode\":\"SPRING-24\",\"lines\":[{\"sku\":\"PEN\",\"quantity\":1}]}"
            .formatted(UUID.randomUUID());

    var answer = place(body, newKey());

    assertThat(answer.body().path("voucherCode").asString()).isEqualTo("SPRING-24");
    assertThat(
            Json.read(started(answer.orderId()).getFirst().input(), PlaceOrder.class).voucherCode())
        .isEqualTo("SPRING-24");
  }

  @Test
  @Tag("R-O7")
  void aBulkCancellationHasAResultForEachItemInTheOrderOfTheRequest() {
    var customer = UUID.randomUUID();
    var pending = place(pens(customer, 1), newKey()).orderId();
    var confirmed = place(pens(customer, 1), newKey()).orderId();
    var rejected = place(pens(customer, 1), newKey()).orderId();
    var cancelled = place(pens(customer, 1), newKey()).orderId();
    var foreign = placed();
    var unknown = UUID.randomUUID();
    publish(
        confirmed(confirmed),
        cancelled(rejected, "INSUFFICIENT_STOCK", "insufficient stock: PEN"),
        cancelled(cancelled, "CANCELLED_BY_CUSTOMER", "cancelled by the customer"));
    awaitState(confirmed, "CONFIRMED");
    awaitState(rejected, "REJECTED");
    awaitState(cancelled, "CANCELLED");

    var answer =
        bulk(
            customer,
            unknown,
            pending,
            confirmed,
            "nonsense",
            rejected,
            cancelled,
            foreign,
            pending);

    assertThat(answer.status()).as(answer.text()).isEqualTo(200);
    assertThat(answer.body().path("results"))
        .extracting(item -> item.path("result").asString())
        .containsExactly(
            "UNKNOWN_ORDER",
            "IN_PROGRESS",
            "TOO_LATE",
            "UNKNOWN_ORDER",
            "ALREADY_REJECTED",
            "CANCELLED",
            "UNKNOWN_ORDER",
            "IN_PROGRESS");
    assertThat(answer.body().path("results").get(3).path("orderId").asString())
        .isEqualTo("nonsense");
    assertThat(answer.body().path("failed").asInt()).isEqualTo(5);
    assertThat(answer.body().path("results"))
        .extracting(item -> item.path("reason").path("code").asString("-"))
        .containsExactly(
            "UNKNOWN_ORDER",
            "-",
            "TOO_LATE",
            "UNKNOWN_ORDER",
            "ALREADY_REJECTED",
            "-",
            "UNKNOWN_ORDER",
            "-");
    assertThat(said(pending, SagaContract.CANCEL_TYPE)).hasSize(1);
    assertThat(said(foreign, SagaContract.CANCEL_TYPE)).isEmpty();
  }

  /** Whole lists in opposite orders: neither deadlock nor a second message. */
  @Test
  @Tag("R-O7")
  @Tag("R-O5")
  void manyBulkCancellationsOfTheSameOrdersAskEachSagaOnce() {
    var customer = UUID.randomUUID();
    var ids = IntStream.range(0, 10).mapToObj(_ -> placed(customer)).toList();

    var answers =
        together(
            120, i -> bulk(customer, (i % 2 == 0 ? ids : ids.reversed()).toArray(Object[]::new)));

    assertThat(answers).extracting(Answer::status).containsOnly(200);
    assertThat(answers)
        .allSatisfy(answer -> assertThat(answer.body().path("failed").asInt()).isZero());
    assertThat(ids).allSatisfy(id -> assertThat(said(id, SagaContract.CANCEL_TYPE)).hasSize(1));
  }

  @Test
  @Tag("R-X4")
  void refusesWhatIsNoBulk() {
    assertProblem(send("/orders/bulk-cancel", "{}"), 400, "INVALID_FIELD");
    assertProblem(send("/orders/bulk-cancel", "{\"orderIds\":[]}"), 400, "INVALID_FIELD");
    assertProblem(send("/orders/bulk-cancel", "{\"orderIds\":[null]}"), 400, "INVALID_FIELD");
    var tooMany = IntStream.range(0, 501).mapToObj(_ -> (Object) UUID.randomUUID()).toArray();
    assertProblem(bulk(UUID.randomUUID(), tooMany), 400, "INVALID_FIELD");
  }

  private UUID placed(UUID customer) {
    return place(pens(customer, 1), newKey()).orderId();
  }

  private Answer bulk(UUID customer, Object... ids) {
    return send(
        "/orders/bulk-cancel",
        "{\"customerId\":\"%s\",\"orderIds\":[%s]}"
            .formatted(
                customer,
                List.of(ids).stream()
                    .map(id -> "\"" + id + "\"")
                    .collect(Collectors.joining(","))));
  }

  private List<UUID> listed(String path) {
    var found = new ArrayList<UUID>();
    for (var order : get(path).body().path("orders")) {
      found.add(UUID.fromString(order.path("orderId").asString()));
    }
    return found;
  }
}
