package io.holdfast.payment;

import io.holdfast.contracts.SagaId;
import io.holdfast.web.Problem;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;

/** Payments over HTTP. */
@RestController
class PaymentController {

  private static final int SAGA_ID_VERSION = 7;

  private final PaymentStore store;

  PaymentController(PaymentStore store) {
    this.store = store;
  }

  /**
   * A payment.
   *
   * @param state what is known of it at the provider
   * @param wanted where the saga wants it
   * @param outcomeUnknown whether a request is out whose outcome could not be learned yet
   * @param attempts since something definite was last learned
   * @param captureBefore when the hold expires at the provider
   * @param nextActionAt when it is looked at again; null if it is where it is wanted
   */
  record PaymentBody(
      UUID sagaId,
      String state,
      String wanted,
      long amountMinor,
      String currency,
      @Nullable String providerId,
      boolean outcomeUnknown,
      int attempts,
      @Nullable String refusal,
      @Nullable String lastError,
      @Nullable Instant captureBefore,
      @Nullable Instant nextActionAt,
      Instant createdAt,
      Instant changedAt) {}

  @GetMapping("/payments/{sagaId}")
  PaymentBody payment(@PathVariable UUID sagaId) {
    return Optional.of(sagaId)
        .filter(id -> id.version() == SAGA_ID_VERSION)
        .flatMap(id -> store.view(new SagaId(id)))
        .map(PaymentController::body)
        .orElseThrow(
            () ->
                Problem.of(
                    HttpStatus.NOT_FOUND,
                    "UNKNOWN_PAYMENT",
                    "there is no payment of saga " + sagaId));
  }

  private static PaymentBody body(PaymentStore.View view) {
    var payment = view.payment();
    var refusal = payment.refusal();
    return new PaymentBody(
        payment.sagaId().value(),
        payment.state().name(),
        payment.wanted().name(),
        payment.amountMinor(),
        payment.currency(),
        payment.providerId(),
        payment.outcomeUnknown(),
        payment.attempts(),
        refusal == null ? null : refusal.detail(),
        payment.lastError(),
        payment.captureBefore(),
        view.nextActionAt(),
        view.createdAt(),
        view.changedAt());
  }
}
