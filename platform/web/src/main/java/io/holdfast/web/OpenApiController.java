package io.holdfast.web;

import org.springframework.core.io.ClassPathResource;
import org.springframework.core.io.Resource;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** The service's own OpenAPI document, as it was packed with the code that it describes. */
@RestController
final class OpenApiController {

  private final Resource document;

  /**
   * @param service such as {@code order-service}
   */
  OpenApiController(String service) {
    this.document = new ClassPathResource("openapi/" + service + ".json");
  }

  @GetMapping("/openapi.json")
  ResponseEntity<Resource> document() {
    return ResponseEntity.ok().contentType(MediaType.APPLICATION_JSON).body(document);
  }
}
