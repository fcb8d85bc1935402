package io.holdfast.orchestrator.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.holdfast.contracts.saga.SagaContract;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class StartGateTest {

  private final AtomicInteger trying = new AtomicInteger();
  private final AtomicInteger counted = new AtomicInteger();
  private final StartGate gate =
      new StartGate(
          100,
          most -> {
            counted.incrementAndGet();
            return Math.min(most, trying.get());
          });

  @Test
  void countsAgainOnlyWhenAsManyHaveBegunAsThereWasRoomFor() {
    trying.set(60);
    assertThat(gate.waiting()).isEmpty();

    gate.began(39);
    assertThat(gate.waiting()).isEmpty();
    assertThat(counted).hasValue(1);

    gate.began(1);
    assertThat(gate.waiting()).isEmpty();
    assertThat(counted).hasValue(2);
  }

  @Test
  void isClosedWhileThereIsNoRoomAndOpensWhenHalfOfItIsFree() {
    trying.set(100);
    assertThat(gate.waiting()).containsExactly(SagaContract.REQUESTS_TOPIC);

    trying.set(51);
    awaitCount();
    assertThat(gate.waiting()).containsExactly(SagaContract.REQUESTS_TOPIC);

    trying.set(49);
    await().until(() -> gate.waiting().isEmpty());
  }

  /** Whatever it says meanwhile, it looks at the database at most every 50 ms. */
  private void awaitCount() {
    int before = counted.get();
    await()
        .until(
            () -> {
              gate.waiting();
              return counted.get() > before;
            });
  }
}
