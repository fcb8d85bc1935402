package io.holdfast.inventory;

import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.builder.SpringApplicationBuilder;

/** Starts the inventory service. */
@SpringBootApplication
public class InventoryServiceApplication {

  /** This service as an application of its own, with its own configuration file. */
  public static SpringApplicationBuilder application() {
    return new SpringApplicationBuilder(InventoryServiceApplication.class)
        .properties("spring.config.name=inventory-service");
  }

  public static void main(String[] args) {
    application().run(args);
  }
}
