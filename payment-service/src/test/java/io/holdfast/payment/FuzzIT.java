package io.holdfast.payment;

import io.holdfast.web.testing.Fuzz;
import io.holdfast.web.testing.ServiceApi;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.ApplicationContext;

/** No request, however wrong, is answered with anything but a success or a problem. */
@PaymentServiceTest
@Tag("R-X4")
class FuzzIT {

  private static final int MIXTURES = 1_500;

  @Autowired private ApplicationContext context;
  private Fuzz fuzz;

  @BeforeEach
  void know() {
    var api = ServiceApi.of(context);
    fuzz =
        Fuzz.of(api.port(), api.document())
            .knowingBody(
                "POST /top-ups",
                """
                {"topUpId": "0197c2f5-2f61-7e9b-a1d4-FRESH", "walletId": "0197c2ef-5d21-7c40-b3a8-6e1f0d9c8b7a",
                 "amountMinor": 100, "currency": "EUR", "paymentMethod": "pm_card_visa"}
                """);
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
