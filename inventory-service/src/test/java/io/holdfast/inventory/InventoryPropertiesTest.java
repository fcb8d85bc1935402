package io.holdfast.inventory;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

class InventoryPropertiesTest {

  private static InventoryProperties bound(Map<String, String> properties) {
    return new Binder(new MapConfigurationPropertySource(properties))
        .bindOrCreate("holdfast.inventory", InventoryProperties.class);
  }

  @Test
  void defaultsAreAReliableWarehouseAndARareCheck() {
    var properties = bound(Map.of());

    assertThat(properties.check())
        .isEqualTo(
            new InventoryProperties.Check(
                Duration.ofMinutes(1), 100, Duration.ofSeconds(2), Duration.ofSeconds(30)));
    assertThat(properties.fulfilment())
        .isEqualTo(
            new InventoryProperties.Fulfilment(
                Duration.ofSeconds(30), 16, Duration.ofMillis(100), Duration.ofSeconds(30)));
    assertThat(properties.warehouse())
        .isEqualTo(new WarehouseSettings(Duration.ofMillis(200), 0, 0, 0, null));
  }

  @Test
  void warehouseIsSetByName() {
    var warehouse =
        bound(
                Map.of(
                    "holdfast.inventory.warehouse.delay", "5ms",
                    "holdfast.inventory.warehouse.damaged-share", "0.1",
                    "holdfast.inventory.warehouse.failure-share", "0.2",
                    "holdfast.inventory.warehouse.lost-answer-share", "0.3",
                    "holdfast.inventory.warehouse.seed", "7"))
            .warehouse();

    assertThat(warehouse).isEqualTo(new WarehouseSettings(Duration.ofMillis(5), 0.1, 0.2, 0.3, 7L));
  }
}
