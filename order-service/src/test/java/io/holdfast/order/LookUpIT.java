package io.holdfast.order;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.testing.StatementCounter;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

/** What it costs to look at an order, and that nobody sees it as it was. */
@Tag("R-M6")
class LookUpIT extends RunningOrderService {

  @Autowired OrderController controller;
  @Autowired StatementCounter statements;

  @Test
  void lookUpIsOneSearchForTheOrderAndOneForItsLinesByTheirKeys() {
    var customerId = UUID.randomUUID();
    var orderId = place(pens(customerId, 3), newKey()).orderId();

    var anybodys = statements.executedBy(() -> controller.get(orderId.toString(), null));
    var owners = statements.executedBy(() -> controller.get(orderId.toString(), customerId));

    assertThat(anybodys).hasSize(2);
    assertThat(owners).hasSize(2);
    assertThat(plan(anybodys.get(0), orderId)).containsPattern("Index Scan using orders_pkey");
    assertThat(plan(owners.get(0), orderId, customerId))
        .containsPattern("Index Scan using orders_(pkey|of_customer)");
    assertThat(plan(anybodys.get(1), orderId))
        .containsPattern("Index Scan (using|on) order_line_pkey");
  }

  /** How a statement that was executed is executed. */
  private String plan(String statement, Object... parameters) {
    var lines =
        jdbc.sql("explain (costs off) " + statement)
            .params(List.of(parameters))
            .query(String.class)
            .list();
    return String.join("\n", lines);
  }

  @Test
  void ownerSeesWhatWasDoneAMomentAgoHoweverManyLookAtOnce() {
    var seen =
        together(
            120,
            _ -> {
              var customerId = UUID.randomUUID();
              var orderId = place(pens(customerId, 1), newKey()).orderId();
              String path = "/orders/" + orderId + "?customerId=" + customerId;
              var placed = get(path);
              post("/orders/" + orderId + "/cancel?customerId=" + customerId);
              var cancelled = get(path);
              return placed.state()
                  + " "
                  + placed.body().path("cancelRequestedAt").isNull()
                  + " "
                  + cancelled.body().path("cancelRequestedAt").isNull()
                  + " "
                  + (cancelled.body().path("version").asInt()
                      > placed.body().path("version").asInt());
            });

    assertThat(seen).allMatch("PENDING true false true"::equals);
  }
}
