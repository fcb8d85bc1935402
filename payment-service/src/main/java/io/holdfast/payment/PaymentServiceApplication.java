package io.holdfast.payment;

import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.builder.SpringApplicationBuilder;

/** The payment service. */
@SpringBootApplication
public class PaymentServiceApplication {

  /** The service, ready to run, alone or beside others in one JVM. */
  public static SpringApplicationBuilder application() {
    return new SpringApplicationBuilder(PaymentServiceApplication.class)
        .properties("spring.config.name=payment-service");
  }

  public static void main(String[] args) {
    application().run(args);
  }
}
