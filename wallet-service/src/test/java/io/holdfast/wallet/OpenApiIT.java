package io.holdfast.wallet;

import io.holdfast.testing.HoldfastTest;
import io.holdfast.web.testing.ServiceApi;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.ApplicationContext;

/** {@code docs/openapi/wallet-service.json} says what this service does. */
@HoldfastTest("spring.config.name=wallet-service")
@Tag("R-X4")
class OpenApiIT {

  @Autowired private ApplicationContext context;

  @Test
  void theDocumentSaysWhatTheCodeDoes() {
    ServiceApi.of(context).assertDocumented();
  }

  @Test
  void theServiceAnswersWithItsDocument() {
    ServiceApi.of(context).assertServed();
  }
}
