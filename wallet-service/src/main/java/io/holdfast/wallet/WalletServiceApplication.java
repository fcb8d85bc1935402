package io.holdfast.wallet;

import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.builder.SpringApplicationBuilder;

/** Starts the wallet service. */
@SpringBootApplication
public class WalletServiceApplication {

  /** This service as an application of its own, with its own configuration file. */
  public static SpringApplicationBuilder application() {
    return new SpringApplicationBuilder(WalletServiceApplication.class)
        .properties("spring.config.name=wallet-service");
  }

  public static void main(String[] args) {
    application().run(args);
  }
}
