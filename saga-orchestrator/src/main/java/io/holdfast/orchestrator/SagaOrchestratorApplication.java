package io.holdfast.orchestrator;

import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.builder.SpringApplicationBuilder;

/** Boot of the saga orchestrator. */
@SpringBootApplication
public class SagaOrchestratorApplication {

  public static SpringApplicationBuilder application() {
    return new SpringApplicationBuilder(SagaOrchestratorApplication.class)
        .properties("spring.config.name=saga-orchestrator");
  }

  public static void main(String[] args) {
    application().run(args);
  }
}
