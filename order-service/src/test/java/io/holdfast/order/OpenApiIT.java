package io.holdfast.order;

import io.holdfast.web.testing.ServiceApi;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.ApplicationContext;

/** {@code docs/openapi/order-service.json} says what this service does. */
@Tag("R-X4")
class OpenApiIT extends RunningOrderService {

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
