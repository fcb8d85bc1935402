package io.holdfast.inventory;

import io.holdfast.contracts.inventory.InventoryContract;
import io.holdfast.messaging.MessagingProperties;
import io.holdfast.messaging.Outbox;
import io.holdfast.messaging.TimerLoop;
import io.holdfast.participant.Settlement;
import io.micrometer.core.instrument.MeterRegistry;
import org.apache.kafka.common.config.TopicConfig;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.kafka.config.TopicBuilder;
import org.springframework.kafka.core.KafkaAdmin;
import org.springframework.transaction.support.TransactionTemplate;

/** The wiring of the inventory service. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(InventoryProperties.class)
class InventoryConfiguration {

  @Bean
  StockStore stockStore(JdbcClient jdbc) {
    return new StockStore(jdbc);
  }

  @Bean
  StockMetrics stockMetrics(MeterRegistry registry) {
    return new StockMetrics(registry);
  }

  @Bean
  LowStockNotice lowStockNotice(StockStore store, Outbox outbox, StockMetrics metrics) {
    return new LowStockNotice(store, outbox, metrics);
  }

  @Bean
  KafkaAdmin.NewTopics inventoryEvents(MessagingProperties properties) {
    return new KafkaAdmin.NewTopics(
        TopicBuilder.name(InventoryContract.EVENTS_TOPIC)
            .partitions(properties.partitions())
            .replicas(properties.replicationFactor())
            .config(TopicConfig.RETENTION_MS_CONFIG, "" + properties.topicRetention().toMillis())
            .build());
  }

  @Bean
  StockDesk stockDesk(StockStore store, LowStockNotice notice, StockMetrics metrics) {
    return new StockDesk(store, notice, metrics);
  }

  @Bean
  StockCheckStore stockCheckStore(JdbcClient jdbc, TransactionTemplate transactions) {
    return new StockCheckStore(jdbc, transactions);
  }

  @Bean
  StockAuditor stockAuditor(
      StockCheckStore store, StockMetrics metrics, InventoryProperties properties) {
    return new StockAuditor(store, metrics, properties.check());
  }

  @Bean
  InventoryParticipant inventoryParticipant(
      StockStore store, LowStockNotice notice, StockMetrics metrics) {
    return new InventoryParticipant(store, notice, metrics);
  }

  @Bean
  OrderGoodsStore orderGoodsStore(JdbcClient jdbc) {
    return new OrderGoodsStore(jdbc);
  }

  @Bean
  ShipmentStore shipmentStore(JdbcClient jdbc) {
    return new ShipmentStore(jdbc);
  }

  @Bean
  SimulatedWarehouse warehouse(JdbcClient jdbc, InventoryProperties properties) {
    return new SimulatedWarehouse(new RobotStore(jdbc), properties.warehouse());
  }

  @Bean
  ShipmentWorker shipmentWorker(
      ShipmentStore shipments,
      OrderGoodsStore goods,
      Warehouse warehouse,
      Settlement settlement,
      TransactionTemplate transactions,
      InventoryProperties properties,
      MeterRegistry metrics) {
    return new ShipmentWorker(
        shipments, goods, warehouse, settlement, transactions, properties.fulfilment(), metrics);
  }

  @Bean
  TimerLoop shipmentTimer(ShipmentWorker worker) {
    return worker.timer();
  }

  @Bean
  PickingParticipant pickingParticipant(
      ShipmentStore shipments, OrderGoodsStore goods, ShipmentWorker worker) {
    return new PickingParticipant(shipments, goods, worker);
  }

  @Bean
  ShippingParticipant shippingParticipant(ShipmentStore shipments, ShipmentWorker worker) {
    return new ShippingParticipant(shipments, worker);
  }

  @Bean
  ReturnsParticipant returnsParticipant(
      StockStore stock, OrderGoodsStore goods, ShipmentStore shipments, LowStockNotice notice) {
    return new ReturnsParticipant(stock, goods, shipments, notice);
  }
}
