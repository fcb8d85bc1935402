package io.holdfast.payment;

import io.holdfast.web.testing.ServiceApi;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.ApplicationContext;

/** {@code docs/openapi/payment-service.json} says what this service does. */
@PaymentServiceTest
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
