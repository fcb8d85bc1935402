package io.holdfast.order;

import static io.holdfast.contracts.saga.SagaEnded.Outcome.CANCELLED;
import static io.holdfast.contracts.saga.SagaEnded.Outcome.CONFIRMED;
import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.contracts.Reason;
import io.holdfast.contracts.saga.SagaEnded;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OrderStateTest {

  @Test
  void aConfirmedSagaConfirmsTheOrder() {
    assertThat(OrderState.after(new SagaEnded("place-order", CONFIRMED, null)))
        .isEqualTo(OrderState.CONFIRMED);
  }

  @ParameterizedTest
  @CsvSource({
    "CANCELLED_BY_CUSTOMER, CANCELLED",
    "CANCELLED_BY_OPERATOR, CANCELLED",
    "DEADLINE_PASSED, CANCELLED",
    "UNKNOWN_SAGA, CANCELLED",
    "NOT_ANSWERED_IN_TIME, CANCELLED",
    "REJECTED_BY_REVIEWER, REJECTED",
    "INSUFFICIENT_STOCK, REJECTED",
    "CARD_DECLINED, REJECTED",
  })
  void aRefusalRejectsAndEverythingElseCancels(String code, OrderState expected) {
    assertThat(
            OrderState.after(new SagaEnded("place-order", CANCELLED, new Reason(code, "because"))))
        .isEqualTo(expected);
  }

  @Test
  void aCancelledSagaWithoutAReasonStillEndsTheOrder() {
    assertThat(OrderState.after(new SagaEnded("place-order", CANCELLED, null)))
        .isEqualTo(OrderState.REJECTED);
  }
}
