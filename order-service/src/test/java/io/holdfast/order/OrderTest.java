package io.holdfast.order;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.contracts.Reason;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class OrderTest {

  private static final Order PLACED =
      new Order(
          UUID.randomUUID(),
          UUID.randomUUID(),
          OrderState.PENDING,
          1,
          null,
          List.of(new OrderLine("PEN", 3, 250)),
          750,
          "EUR",
          null,
          null,
          null,
          null,
          null,
          Refunded.NONE,
          0,
          Fulfilment.NONE,
          null,
          Instant.EPOCH,
          null,
          null);

  @Test
  void whoIsToldOfAVersionIsToldAllThatBelongsToIt() {
    var later = Instant.EPOCH.plusSeconds(9);
    var progress =
        new OrderProgress(
            PLACED.orderId(),
            5,
            OrderState.CONFIRMED,
            new Reason("REFUNDED", "the money was paid back"),
            Approval.APPROVED,
            Refunded.PARTIAL,
            250,
            Fulfilment.SHIPPED,
            "HF-1",
            PLACED.placedAt(),
            later,
            later);

    var order = PLACED.with(progress);

    assertThat(order)
        .returns(progress.version(), Order::version)
        .returns(progress.state(), Order::state)
        .returns(progress.reason(), Order::reason)
        .returns(progress.approval(), Order::approval)
        .returns(progress.refundState(), Order::refundState)
        .returns(progress.refundedMinor(), Order::refundedMinor)
        .returns(progress.fulfilment(), Order::fulfilment)
        .returns(progress.trackingCode(), Order::trackingCode)
        .returns(progress.cancelRequestedAt(), Order::cancelRequestedAt)
        .returns(progress.endedAt(), Order::endedAt)
        .returns(PLACED.lines(), Order::lines)
        .returns(PLACED.totalMinor(), Order::totalMinor);
  }
}
