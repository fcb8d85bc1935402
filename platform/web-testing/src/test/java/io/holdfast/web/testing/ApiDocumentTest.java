package io.holdfast.web.testing;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

class ApiDocumentTest {

  private static final JsonMapper JSON = JsonMapper.shared();

  private static final ApiDocument DOCUMENT =
      ApiDocument.of(
          JSON.readTree(
              """
              {"paths": {
                "/orders/{orderId}": {"get": {}},
                "/orders/bulk": {"get": {}, "post": {"requestBody": {"content": {"application/json": {"schema":
                  {"$ref": "#/components/schemas/Order"}}}}}}},
               "components": {"schemas": {
                 "Order": {"properties": {"lines": {"type": "array", "items": {"$ref": "#/components/schemas/Line"}}}},
                 "Line": {"properties": {"sku": {"type": "string"}, "more": {"type": "object"}}}}}}
              """));

  @Test
  void aFixedPathCountsBeforeOneWithAParameter() {
    assertThat(DOCUMENT.operation("GET", "/orders/bulk"))
        .hasValueSatisfying(operation -> assertThat(operation.path()).isEqualTo("/orders/bulk"));
    assertThat(DOCUMENT.operation("GET", "/orders/7"))
        .hasValueSatisfying(
            operation -> assertThat(operation.path()).isEqualTo("/orders/{orderId}"));
    assertThat(DOCUMENT.operation("GET", "/orders/7/lines")).isEmpty();
    assertThat(DOCUMENT.operation("DELETE", "/orders/7")).isEmpty();
  }

  @Test
  void namesFieldsThatTheSchemaDoesNotKnow() {
    var bulk = DOCUMENT.operation("POST", "/orders/bulk").orElseThrow();

    assertThat(
            DOCUMENT.unknownFields(
                bulk,
                JSON.readTree(
                    "{\"lines\":[{\"sku\":\"a\"},{\"skuu\":1,\"more\":{\"b\":1}}],\"x\":1}")))
        .containsExactly("lines[1].skuu", "x");
    assertThat(DOCUMENT.unknownFields(bulk, JSON.readTree("{\"lines\":[]}"))).isEmpty();
  }
}
