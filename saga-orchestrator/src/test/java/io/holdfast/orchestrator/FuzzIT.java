package io.holdfast.orchestrator;

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
@Tag("R-X4")
class FuzzIT extends RunningOrchestrator {

  private static final int MIXTURES = 1_500;

  @Autowired private ApplicationContext context;
  private Fuzz fuzz;

  @BeforeEach
  void know() {
    var api = ServiceApi.of(context);
    var saga = newSaga();
    deliver(start(saga, TripSagas.HOP));
    fuzz = Fuzz.of(api.port(), api.document()).knowing("id", saga.toString());
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
