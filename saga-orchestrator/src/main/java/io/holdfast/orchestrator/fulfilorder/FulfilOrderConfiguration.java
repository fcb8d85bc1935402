package io.holdfast.orchestrator.fulfilorder;

import static io.holdfast.contracts.inventory.InventoryContract.PICKING;
import static io.holdfast.contracts.inventory.InventoryContract.SHIPPING;
import static io.holdfast.saga.Step.compensable;
import static io.holdfast.saga.Step.retriable;

import io.holdfast.contracts.inventory.GoodsShipped;
import io.holdfast.contracts.inventory.HoldStock;
import io.holdfast.contracts.inventory.PickGoods;
import io.holdfast.contracts.inventory.ShipGoods;
import io.holdfast.contracts.saga.FulfilOrder;
import io.holdfast.saga.SagaData;
import io.holdfast.saga.SagaDefinition;
import java.time.Duration;
import java.util.Optional;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * Sending an order: pick its goods, which may fail for good and is undone by putting them back;
 * then hand them to the carrier, for which is asked until it is done.
 */
@Configuration(proxyBeanMethods = false)
class FulfilOrderConfiguration {

  /**
   * @param deadline how long picking may take, before the order is given up
   */
  @Bean
  SagaDefinition<FulfilOrder> fulfilOrder(
      @Value("${holdfast.fulfil-order.deadline:12h}") Duration deadline) {
    return SagaDefinition.named(FulfilOrder.DEFINITION, FulfilOrder.class)
        .deadline(deadline)
        .then(compensable(PICKING, order -> pickGoods(order.input())))
        .then(retriable(SHIPPING, order -> new ShipGoods(order.input().orderId())))
        .result(FulfilOrderConfiguration::shipped)
        .build();
  }

  private static PickGoods pickGoods(FulfilOrder order) {
    return new PickGoods(
        order.orderId(),
        order.lines().stream()
            .map(line -> new HoldStock.Line(line.sku(), line.quantity()))
            .toList());
  }

  private static Optional<?> shipped(SagaData<FulfilOrder> order) {
    return order
        .answer(SHIPPING, GoodsShipped.class)
        .map(goods -> new FulfilOrder.Shipped(goods.trackingCode()));
  }
}
