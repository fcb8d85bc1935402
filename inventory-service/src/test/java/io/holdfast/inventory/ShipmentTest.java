package io.holdfast.inventory;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.contracts.SagaId;
import io.holdfast.messaging.UuidV7;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class ShipmentTest {

  private static Shipment in(ShipmentState state) {
    return new Shipment(
        new SagaId(UuidV7.next()),
        UuidV7.next(),
        new TreeMap<>(Map.of("SKU", 1L)),
        state,
        true,
        3,
        5,
        null,
        null,
        null,
        Instant.EPOCH,
        Instant.EPOCH,
        Instant.EPOCH);
  }

  @Test
  void answerMovesTheStateThatItAnswers() {
    assertThat(
            in(ShipmentState.PICKING).answered(ShipmentState.PICKING, new WarehouseAnswer.Picked()))
        .returns(ShipmentState.PICKED, Shipment::state)
        .returns(false, Shipment::underWay);
    assertThat(
            in(ShipmentState.PICKING)
                .answered(ShipmentState.PICKING, new WarehouseAnswer.Damaged("SKU")))
        .returns(ShipmentState.DAMAGED, Shipment::state)
        .returns("SKU", Shipment::damagedSku);
    assertThat(
            in(ShipmentState.PUTTING_BACK)
                .answered(ShipmentState.PUTTING_BACK, new WarehouseAnswer.PutBack()))
        .returns(ShipmentState.PUT_BACK, Shipment::state);
    assertThat(
            in(ShipmentState.SHIPPING)
                .answered(ShipmentState.SHIPPING, new WarehouseAnswer.Shipped("T")))
        .returns(ShipmentState.SHIPPED, Shipment::state)
        .returns("T", Shipment::trackingCode);
  }

  @Test
  void answerToSomethingThatIsNoLongerWantedOnlyEndsTheCall() {
    var cancelled = in(ShipmentState.PUTTING_BACK);

    for (var answer :
        new WarehouseAnswer[] {new WarehouseAnswer.Picked(), new WarehouseAnswer.Damaged("SKU")}) {
      assertThat(cancelled.answered(ShipmentState.PICKING, answer))
          .returns(ShipmentState.PUTTING_BACK, Shipment::state)
          .returns(false, Shipment::underWay)
          .returns(0, Shipment::attempts);
    }
  }

  @Test
  void unknownOutcomeIsAskedAgain() {
    assertThat(
            in(ShipmentState.SHIPPING)
                .answered(ShipmentState.SHIPPING, new WarehouseAnswer.Unknown("no answer")))
        .returns(ShipmentState.SHIPPING, Shipment::state)
        .returns(3, Shipment::attempts)
        .returns("no answer", Shipment::lastError);
  }
}
