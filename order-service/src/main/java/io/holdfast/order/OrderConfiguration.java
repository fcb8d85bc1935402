package io.holdfast.order;

import io.holdfast.contracts.saga.SagaContract;
import io.holdfast.messaging.Outbox;
import io.holdfast.messaging.Subscription;
import io.holdfast.messaging.TimerLoop;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.ApplicationListener;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.DependsOn;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;

/** Wires the order service. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(OrderProperties.class)
class OrderConfiguration {

  @Bean
  ProductStore productStore(JdbcClient jdbc) {
    return new ProductStore(jdbc);
  }

  @Bean
  OrderStore orderStore(JdbcClient jdbc) {
    return new OrderStore(jdbc);
  }

  @Bean
  CartStore cartStore(JdbcClient jdbc) {
    return new CartStore(jdbc);
  }

  @Bean
  RefundStore refundStore(JdbcClient jdbc) {
    return new RefundStore(jdbc);
  }

  @Bean(initMethod = "start", destroyMethod = "close")
  OrderWatch orderWatch(OrderStore orders, OrderProperties properties) {
    return new OrderWatch(
        ids -> orders.loadProgress(ids),
        properties.follow().readEvery(),
        properties.follow().maxWaiting());
  }

  /** Requests that wait are answered before the server counts those that it has to let finish. */
  @Bean
  ApplicationListener<ContextClosedEvent> endOfWaiting(OrderWatch watch) {
    return _ -> watch.close();
  }

  @Bean
  @DependsOn("timePartitions")
  TimerLoop resendTimer(
      OrderStore orders,
      RefundDesk refunds,
      Outbox outbox,
      TransactionTemplate transactions,
      OrderProperties properties,
      MeterRegistry metrics) {
    return new TimerLoop(
        "order-resend",
        new ResendHandler(orders, refunds, outbox, transactions, properties.resend(), metrics));
  }

  @Bean
  @DependsOn("timePartitions")
  TimerLoop refundResendTimer(
      RefundStore refunds,
      Outbox outbox,
      TransactionTemplate transactions,
      OrderProperties properties,
      MeterRegistry metrics) {
    return new TimerLoop(
        "refund-resend",
        new RefundResendHandler(refunds, outbox, transactions, properties.resend(), metrics));
  }

  @Bean
  RefundDesk refundDesk(
      OrderStore orders,
      RefundStore refunds,
      Outbox outbox,
      TransactionTemplate transactions,
      TimerLoop refundResendTimer,
      OrderProperties properties,
      MeterRegistry metrics) {
    return new RefundDesk(
        orders,
        refunds,
        outbox,
        transactions,
        refundResendTimer,
        properties.resend().firstAfter(),
        metrics);
  }

  @Bean
  ReviewDesk reviewDesk(
      OrderStore orders,
      Outbox outbox,
      TransactionTemplate transactions,
      TimerLoop resendTimer,
      OrderProperties properties,
      OrderWatch watch,
      MeterRegistry metrics) {
    return new ReviewDesk(
        orders,
        outbox,
        transactions,
        resendTimer,
        properties.resend().firstAfter(),
        watch,
        metrics);
  }

  @Bean
  FulfilmentDesk fulfilmentDesk(
      OrderStore orders,
      Outbox outbox,
      TimerLoop resendTimer,
      OrderProperties properties,
      MeterRegistry metrics) {
    return new FulfilmentDesk(
        properties.fulfilment().enabled(),
        properties.resend().firstAfter(),
        orders,
        outbox,
        resendTimer,
        metrics);
  }

  @Bean
  RefundEnds refundEnds(RefundStore refunds, OrderStore orders, MeterRegistry metrics) {
    return new RefundEnds(refunds, orders, metrics);
  }

  @Bean(initMethod = "start", destroyMethod = "close")
  @DependsOn("timePartitions")
  PlacementQueue placementQueue(PlacementQueue.Writer writer, OrderProperties properties) {
    return new PlacementQueue(writer, PlacementHandler::blamesPlacement, properties.placement());
  }

  @Bean
  PlacementHandler placementHandler(
      ProductStore products,
      CartStore carts,
      OrderStore orders,
      Outbox outbox,
      TransactionTemplate transactions,
      TimerLoop resendTimer,
      OrderProperties properties,
      MeterRegistry metrics) {
    return new PlacementHandler(
        products,
        carts,
        orders,
        outbox,
        transactions,
        resendTimer,
        properties.resend().firstAfter(),
        properties.approval().rule(),
        metrics);
  }

  @Bean
  CancelHandler cancelHandler(
      OrderStore orders,
      Outbox outbox,
      TransactionTemplate transactions,
      TimerLoop resendTimer,
      OrderProperties properties,
      OrderWatch watch,
      MeterRegistry metrics) {
    return new CancelHandler(
        orders,
        outbox,
        transactions,
        resendTimer,
        properties.resend().firstAfter(),
        watch,
        metrics);
  }

  @Bean
  Subscription sagaOutcomes(
      OrderStore orders,
      FulfilmentDesk fulfilments,
      RefundEnds refunds,
      OrderWatch watch,
      MeterRegistry metrics) {
    return new Subscription(
        "order-service",
        List.of(SagaContract.EVENTS_TOPIC),
        List.of(SagaContract.REQUESTS_TOPIC),
        new OutcomeHandler(orders, fulfilments, refunds, watch, metrics));
  }
}
