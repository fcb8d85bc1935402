package io.holdfast.order;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.holdfast.contracts.Code;
import io.holdfast.contracts.saga.PlaceOrder;
import io.holdfast.messaging.Json;
import io.holdfast.messaging.TraceParent;
import io.holdfast.messaging.UuidV7;
import io.holdfast.order.PlacementOutcome.Existing;
import io.holdfast.order.PlacementOutcome.KeyReused;
import io.holdfast.order.PlacementOutcome.Placed;
import io.holdfast.order.PlacementOutcome.Refused;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.transaction.support.TransactionTemplate;

@Tag("R-O1")
class CartIT extends RunningOrderService {

  private static final int ACTORS = 120;

  @Autowired PlacementHandler handler;
  @Autowired TransactionTemplate transactions;

  @Test
  void aCartIsFilledChangedAndEmptied() {
    var customer = UUID.randomUUID();

    assertThat(fill(customer, "PEN", 2).status()).isEqualTo(201);
    assertThat(fill(customer, "PEN", 5).status()).isEqualTo(200);
    var filled = fill(customer, "TEA", 1).body();

    assertThat(filled).isEqualTo(get("/carts/" + customer).body());
    assertThat(filled.path("items").size()).isEqualTo(2);
    assertThat(filled.path("items").get(0).path("sku").asString()).isEqualTo("PEN");
    assertThat(filled.path("items").get(0).path("quantity").asLong()).isEqualTo(5);
    assertThat(filled.path("items").get(0).path("unitPriceMinor").asLong()).isEqualTo(250);
    var emptied = send(request("/carts/" + customer + "/items/TEA").DELETE());
    assertThat(emptied.status()).isEqualTo(200);
    assertThat(emptied.body().path("items").size()).isEqualTo(1);
    assertThat(send(request("/carts/" + customer + "/items/TEA").DELETE()).status()).isEqualTo(200);
  }

  @Test
  void anOrderOfTheCartHasItsLinesAtTodaysPricesAndClearsIt() {
    var customer = UUID.randomUUID();
    var sku = "BOOK-" + UUID.randomUUID().toString().substring(0, 8);
    put("/products/" + sku, "{\"unitPriceMinor\":1000,\"currency\":\"EUR\"}");
    fill(customer, sku, 2);
    fill(customer, "PEN", 1);
    put("/products/" + sku, "{\"unitPriceMinor\":1500,\"currency\":\"EUR\"}");

    var answer = place(cartOf(customer), newKey());

    assertThat(answer.status()).isEqualTo(202);
    assertThat(answer.body().path("totalMinor").asLong()).isEqualTo(3250);
    assertThat(get("/orders/" + answer.orderId()).body()).isEqualTo(answer.body());
    assertThat(items(customer)).isZero();
    assertThat(Json.read(started(answer.orderId()).getFirst().input(), PlaceOrder.class).lines())
        .containsExactlyInAnyOrder(new PlaceOrder.Line(sku, 2), new PlaceOrder.Line("PEN", 1));
  }

  @Test
  void aPlacementThatIsRolledBackLeavesTheCart() {
    var customer = UUID.randomUUID();
    fill(customer, "PEN", 2);

    assertThatThrownBy(
            () ->
                transactions.executeWithoutResult(
                    _ -> {
                      handler.write(List.of(Placements.ofCart(customer, "key")));
                      throw new IllegalStateException("on purpose");
                    }))
        .hasMessage("on purpose");

    assertThat(items(customer)).isEqualTo(1);
    assertThat(orders(customer)).isZero();
  }

  @Test
  void aRefusedPlacementLeavesTheCart() {
    var customer = UUID.randomUUID();
    fill(customer, "PEN", 1);
    fill(customer, "TEA", 1);

    var answer = place(cartOf(customer), newKey());

    assertProblem(answer, 422, "MIXED_CURRENCIES");
    assertThat(answer.body().path("field").asString()).isEqualTo("fromCart");
    assertThat(items(customer)).isEqualTo(2);
  }

  @Test
  void ofManyRequestsForOneCartOneIsAnOrder() {
    var customer = UUID.randomUUID();
    fill(customer, "PEN", 2);

    var answers = together(ACTORS, _ -> place(cartOf(customer), newKey()));

    assertThat(answers).filteredOn(answer -> answer.status() == 202).hasSize(1);
    assertThat(answers)
        .filteredOn(answer -> answer.status() != 202)
        .allSatisfy(answer -> assertProblem(answer, 422, "CART_EMPTY"));
    assertThat(orders(customer)).isEqualTo(1);
    assertThat(items(customer)).isZero();
  }

  @Test
  @Tag("R-O3")
  @Tag("F68")
  void aRepeatedRequestGetsItsOrderAlthoughTheCartIsEmpty() {
    var customer = UUID.randomUUID();
    var key = newKey();
    fill(customer, "PEN", 2);

    var answers = together(ACTORS, _ -> place(cartOf(customer), key));
    fill(customer, "PEN", 7);
    var late = place(cartOf(customer), key);

    assertThat(answers).extracting(Answer::status).containsOnly(202);
    assertThat(answers).extracting(Answer::orderId).containsOnly(late.orderId());
    assertThat(late.header("idempotency-replayed")).isEqualTo("true");
    assertThat(orders(customer)).isEqualTo(1);
    assertThat(items(customer)).isEqualTo(1);
    assertProblem(place(pens(customer, 2), key), 422, "IDEMPOTENCY_KEY_REUSED");
  }

  /** What is put in while the order is placed is either part of it or still in the cart. */
  @Test
  void nothingThatIsPutInMeanwhileIsLost() {
    var customer = UUID.randomUUID();
    for (int i = 0; i < ACTORS; i += 2) {
      put("/products/R" + i, "{\"unitPriceMinor\":1,\"currency\":\"EUR\"}");
    }
    fill(customer, "PEN", 1);

    var answers =
        together(
            ACTORS,
            i -> i % 2 == 0 ? fill(customer, "R" + i, 1) : place(cartOf(customer), newKey()));

    assertThat(answers).extracting(Answer::status).containsOnly(201, 202, 422);
    long ordered =
        jdbc.sql(
                "select count(*) from order_line join orders using (order_id) where customer_id = ?")
            .param(customer)
            .query(Long.class)
            .single();
    assertThat(ordered + items(customer)).isEqualTo(1 + ACTORS / 2);
  }

  @Test
  void oneBatchTakesACartOnce() {
    var customer = UUID.randomUUID();
    var other = UUID.randomUUID();
    fill(customer, "PEN", 2);
    fill(other, "PEN", 1);
    var first = Placements.ofCart(customer, "one");

    var outcomes =
        handler.write(
            List.of(
                first,
                Placements.ofCart(customer, "two"),
                Placements.ofCart(customer, "one"),
                Placements.ofCart(other, "one"),
                Placements.of("PEN", 1)));

    assertThat(outcomes.get(0)).isInstanceOf(Placed.class);
    assertThat(outcomes.get(1))
        .isInstanceOfSatisfying(
            Refused.class, refused -> assertThat(refused.why().code()).isEqualTo(Code.CART_EMPTY));
    assertThat(outcomes.get(2)).isEqualTo(new Existing(first.orderId(), false));
    assertThat(outcomes.get(3)).isInstanceOf(Placed.class);
    assertThat(outcomes.get(4)).isInstanceOf(Placed.class);
  }

  /** A key that another placement of the batch has takes nothing out of the cart. */
  @Test
  @Tag("R-O3")
  void oneBatchLeavesTheCartToThePlacementWhoseKeyIsNew() {
    var customer = UUID.randomUUID();
    fill(customer, "PEN", 2);
    var byLines =
        new Placement(
            UuidV7.next(),
            customer,
            "one",
            List.of(new Placement.Line("PEN", 1)),
            false,
            null,
            null,
            TraceParent.random());

    var outcomes =
        handler.write(
            List.of(
                byLines, Placements.ofCart(customer, "one"), Placements.ofCart(customer, "two")));

    assertThat(outcomes.get(0)).isInstanceOf(Placed.class);
    assertThat(outcomes.get(1)).isEqualTo(new KeyReused());
    assertThat(outcomes.get(2)).isInstanceOf(Placed.class);
    assertThat(items(customer)).isZero();
  }

  @Test
  @Tag("R-X4")
  void refusesWhatCannotBeInACart() {
    var customer = UUID.randomUUID();
    var path = "/carts/" + customer + "/items/";

    assertProblem(fill(customer, "GHOST", 1), 422, "UNKNOWN_SKU");
    assertProblem(put(path + "PEN", "{\"quantity\":0}"), 400, "INVALID_FIELD");
    assertProblem(put(path + "PEN", "{}"), 400, "INVALID_FIELD");
    assertProblem(put(path + "PEN", "{\"quantity\":1,\"price\":1}"), 400, "UNKNOWN_FIELD");
    assertProblem(put(path + "-bad-", "{\"quantity\":1}"), 400, "INVALID_FIELD");
    assertProblem(put("/carts/me/items/PEN", "{\"quantity\":1}"), 400, "INVALID_FIELD");
    assertProblem(get("/carts/me"), 400, "INVALID_FIELD");
  }

  @Test
  void aCartHasNoMoreItemsThanAnOrderHasLines() {
    var customer = UUID.randomUUID();
    for (int i = 0; i < 101; i++) {
      put("/products/C" + i, "{\"unitPriceMinor\":1,\"currency\":\"EUR\"}");
    }
    for (int i = 0; i < 100; i++) {
      assertThat(fill(customer, "C" + i, 1).status()).isEqualTo(201);
    }

    assertProblem(fill(customer, "C100", 1), 422, "CART_FULL");
    assertThat(fill(customer, "C99", 2).status()).isEqualTo(200);
    assertThat(place(cartOf(customer), newKey()).body().path("lines").size()).isEqualTo(100);
  }

  /** Each of two requests saw room for the last item: what the order sees is what counts. */
  @Test
  void aCartThatTwoFilledAtOnceIsNoOrderOfMoreLinesThanOneHas() {
    var customer = UUID.randomUUID();
    for (int i = 0; i < 101; i++) {
      put("/products/C" + i, "{\"unitPriceMinor\":1,\"currency\":\"EUR\"}");
    }
    jdbc.sql(
            "insert into cart_item (customer_id, sku, quantity) select ?, 'C' || i, 1 from generate_series(0, 100) i")
        .param(customer)
        .update();

    var full = place(cartOf(customer), newKey());

    assertProblem(full, 422, "CART_FULL");
    assertThat(full.body().path("field").asString()).isEqualTo("fromCart");
    send(request("/carts/" + customer + "/items/C7").DELETE());
    assertThat(place(cartOf(customer), newKey()).body().path("lines").size()).isEqualTo(100);
  }

  private Answer fill(UUID customer, String sku, long quantity) {
    return put("/carts/%s/items/%s".formatted(customer, sku), "{\"quantity\":" + quantity + "}");
  }

  private static String cartOf(UUID customer) {
    return "{\"customerId\":\"%s\",\"fromCart\":true}".formatted(customer);
  }

  private int items(UUID customer) {
    return get("/carts/" + customer).body().path("items").size();
  }

  private long orders(UUID customer) {
    return jdbc.sql("select count(*) from orders where customer_id = ?")
        .param(customer)
        .query(Long.class)
        .single();
  }
}
