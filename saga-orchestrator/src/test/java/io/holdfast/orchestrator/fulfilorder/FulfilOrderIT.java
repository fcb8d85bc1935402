package io.holdfast.orchestrator.fulfilorder;

import static io.holdfast.contracts.Phase.CANCEL;
import static io.holdfast.contracts.Phase.CONFIRM;
import static io.holdfast.contracts.Phase.TRY;
import static io.holdfast.contracts.inventory.InventoryContract.PICKING;
import static io.holdfast.contracts.inventory.InventoryContract.SHIPPING;
import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.contracts.Reason;
import io.holdfast.contracts.inventory.GoodsShipped;
import io.holdfast.contracts.inventory.PickGoods;
import io.holdfast.contracts.inventory.ShipGoods;
import io.holdfast.contracts.saga.FulfilOrder;
import io.holdfast.contracts.saga.PlaceOrder;
import io.holdfast.contracts.saga.SagaEnded;
import io.holdfast.messaging.Json;
import io.holdfast.orchestrator.RunningOrchestrator;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The shipped saga in the engine, from its start to its end. */
@Tag("R-S1")
class FulfilOrderIT extends RunningOrchestrator {

  private static final FulfilOrder ORDER =
      new FulfilOrder(UUID.randomUUID(), List.of(new PlaceOrder.Line("PEN", 2)));

  @Test
  void goodsArePickedThenShippedAndTheTrackingCodeIsTold() {
    var saga = newSaga();

    deliver(start(saga, FulfilOrder.DEFINITION, Json.text(ORDER)));
    deliver(done(saga, PICKING, TRY));
    deliver(done(saga, PICKING, CONFIRM));
    deliver(done(saga, SHIPPING, TRY, 1, new GoodsShipped("JD014600003")));

    assertThat(brief(saga))
        .containsExactly(
            "picking TRY #1",
            "picking CONFIRM #1",
            "shipping TRY #1",
            "fulfil-order ended CONFIRMED");
    assertThat(Json.read(said(saga).getFirst().body(), PickGoods.class).orderId())
        .isEqualTo(ORDER.orderId());
    assertThat(Json.read(said(saga).get(2).body(), ShipGoods.class))
        .isEqualTo(new ShipGoods(ORDER.orderId()));
    var end = Json.read(said(saga).getLast().body(), SagaEnded.class);
    assertThat(Json.read(String.valueOf(end.result()), FulfilOrder.Shipped.class))
        .isEqualTo(new FulfilOrder.Shipped("JD014600003"));
  }

  @Test
  void damagedGoodsEndItWithTheReasonAndNothingIsShipped() {
    var saga = newSaga();

    deliver(start(saga, FulfilOrder.DEFINITION, Json.text(ORDER)));
    deliver(refused(saga, PICKING, TRY, new Reason("GOODS_DAMAGED", "goods damaged: PEN")));

    assertThat(brief(saga))
        .containsExactly("picking TRY #1", "fulfil-order ended CANCELLED GOODS_DAMAGED");
  }

  @Test
  void whoeverCancelsWhilePickingGetsTheGoodsPutBack() {
    var saga = newSaga();

    deliver(start(saga, FulfilOrder.DEFINITION, Json.text(ORDER)), cancel(saga));
    deliver(done(saga, PICKING, CANCEL));

    assertThat(brief(saga))
        .containsExactly(
            "picking TRY #1",
            "picking CANCEL #1",
            "fulfil-order ended CANCELLED CANCELLED_BY_CUSTOMER");
  }
}
