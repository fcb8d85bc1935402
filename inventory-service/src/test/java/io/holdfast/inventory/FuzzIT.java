package io.holdfast.inventory;

import io.holdfast.testing.HoldfastTest;
import io.holdfast.web.testing.Fuzz;
import io.holdfast.web.testing.ServiceApi;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.ApplicationContext;

/** No request, however wrong, is answered with anything but a success or a problem. */
@HoldfastTest("spring.config.name=inventory-service")
@Tag("R-X4")
class FuzzIT {

  private static final int MIXTURES = 1_500;

  @Autowired private ApplicationContext context;
  @Autowired private SimulatedWarehouse warehouse;
  @Autowired private InventoryProperties properties;
  private Fuzz fuzz;

  @BeforeEach
  void know() {
    var api = ServiceApi.of(context);
    fuzz =
        Fuzz.of(api.port(), api.document())
            .knowing("sku", "FUZZ")
            .knowingBody(
                "POST /stock/{sku}/receipts",
                "{\"quantity\":1,\"reference\":\"fuzz-FRESH\",\"by\":\"eve\"}")
            .knowingBody(
                "POST /stock/{sku}/adjustments",
                "{\"quantityDelta\":1,\"reason\":\"found\",\"reference\":\"fuzz-FRESH\",\"by\":\"eve\"}");
  }

  @AfterEach
  void behave() {
    warehouse.behave(properties.warehouse());
  }

  @Test
  void everyOddityIsAnsweredWithAProblem() {
    fuzz.everyOddity().assertNoFailures();
  }

  @ParameterizedTest
  @MethodSource("io.holdfast.web.testing.Fuzz#seeds")
  void mixturesOfThemToo(long seed) {
    fuzz.mixtures(seed, MIXTURES).assertNoFailures();
  }
}
