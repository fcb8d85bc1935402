package io.holdfast.orchestrator.fulfilorder;

import static io.holdfast.contracts.Phase.CONFIRM;
import static io.holdfast.contracts.Phase.TRY;
import static io.holdfast.contracts.inventory.InventoryContract.PICKING;
import static io.holdfast.contracts.inventory.InventoryContract.SHIPPING;
import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.contracts.Reason;
import io.holdfast.contracts.inventory.HoldStock;
import io.holdfast.contracts.inventory.PickGoods;
import io.holdfast.contracts.inventory.ShipGoods;
import io.holdfast.contracts.saga.FulfilOrder;
import io.holdfast.contracts.saga.PlaceOrder;
import io.holdfast.orchestrator.DefinitionRun;
import io.holdfast.saga.SagaEvent;
import io.holdfast.saga.SagaState;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What the saga {@code fulfil-order} asks of whom, and when. */
@Tag("R-S1")
class FulfilOrderTest {

  private static final FulfilOrder ORDER =
      new FulfilOrder(
          UUID.randomUUID(), List.of(new PlaceOrder.Line("PEN", 2), new PlaceOrder.Line("TEA", 1)));

  private final DefinitionRun<FulfilOrder> saga =
      new DefinitionRun<>(new FulfilOrderConfiguration().fulfilOrder(Duration.ofHours(12)), ORDER);

  @Test
  void goodsArePickedAndShippedOnlyOnceThatStays() {
    assertThat(saga.asks()).containsExactly("picking TRY");
    assertThat(saga.done(PICKING, TRY).asks()).containsExactly("picking CONFIRM");
    assertThat(saga.done(PICKING, CONFIRM).asks()).containsExactly("shipping TRY");
    assertThat(saga.done(SHIPPING, TRY).state()).isEqualTo(new SagaState.Confirmed());
  }

  @Test
  void everyLineIsPicked() {
    assertThat(saga.request(PICKING))
        .isEqualTo(
            new PickGoods(
                ORDER.orderId(),
                List.of(new HoldStock.Line("PEN", 2), new HoldStock.Line("TEA", 1))));
    assertThat(saga.request(SHIPPING)).isEqualTo(new ShipGoods(ORDER.orderId()));
  }

  @Test
  void goodsThatCannotBePickedEndItAndNothingIsShipped() {
    var damaged = new Reason("GOODS_DAMAGED", "goods damaged: PEN");

    saga.refused(PICKING, TRY, damaged);

    assertThat(saga.state()).isEqualTo(new SagaState.Cancelled(damaged));
    assertThat(saga.asks()).isEmpty();
  }

  @Test
  void whatTakesTooLongIsPutBack() {
    assertThat(saga.follow(new SagaEvent.DeadlinePassed()).asks())
        .containsExactly("picking CANCEL");
  }

  @Test
  void aParcelOnItsWayIsNotCalledBack() {
    saga.done(PICKING, TRY).done(PICKING, CONFIRM);

    saga.follow(new SagaEvent.CancelRequested(new Reason("CUSTOMER", "too late")));

    assertThat(saga.state()).isInstanceOf(SagaState.Completing.class);
    assertThat(saga.follow(new SagaEvent.ResendDue()).asks()).containsExactly("shipping TRY");
  }
}
