package io.holdfast.inventory;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The wiring of the inventory service. */
@Configuration(proxyBeanMethods = false)
class InventoryConfiguration {

  @Bean
  StockStore stockStore(JdbcClient jdbc) {
    return new StockStore(jdbc);
  }

  @Bean
  InventoryParticipant inventoryParticipant(StockStore store) {
    return new InventoryParticipant(store);
  }
}
