package io.holdfast.order;

import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.builder.SpringApplicationBuilder;

/** The order service. */
@SpringBootApplication
public class OrderServiceApplication {

  public static SpringApplicationBuilder application() {
    return new SpringApplicationBuilder(OrderServiceApplication.class)
        .properties("spring.config.name=order-service");
  }

  static void main(String[] args) {
    application().run(args);
  }
}
