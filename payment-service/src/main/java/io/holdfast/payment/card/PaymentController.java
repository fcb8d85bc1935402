package io.holdfast.payment.card;

import io.holdfast.contracts.Code;
import io.holdfast.contracts.SagaId;
import io.holdfast.web.Problem;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;

/** Payments over HTTP. */
@RestController
class PaymentController {

  private static final int SAGA_ID_VERSION = 7;

  private final PaymentStore store;
  private final Refunds refunds;

  PaymentController(PaymentStore store, Refunds refunds) {
    this.store = store;
    this.refunds = refunds;
  }

  /**
   * A payment.
   *
   * @param state what is known of it at the provider; a captured one can be REFUNDED_IN_PART or
   *     REFUNDED
   * @param wanted where the saga wants it
   * @param outcomeUnknown whether a request is out whose outcome could not be learned yet
   * @param attempts since something definite was last learned
   * @param refusalCode why it was declined, for programs
   * @param refusal why it was declined, in English
   * @param captureBefore when the hold expires at the provider
   * @param refundingMinor set aside for refunds that are not done yet
   * @param refundedMinor given back to the card
   * @param refunds oldest first
   * @param alarm what an operator has to look at
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
      @Nullable String refusalCode,
      @Nullable String refusal,
      @Nullable String lastError,
      @Nullable Instant captureBefore,
      long refundingMinor,
      long refundedMinor,
      List<Refunds.Refund> refunds,
      @Nullable String alarm,
      @Nullable Instant nextActionAt,
      Instant createdAt,
      Instant changedAt) {}

  @GetMapping("/payments/{sagaId}")
  PaymentBody payment(@PathVariable UUID sagaId) {
    return Optional.of(sagaId)
        .filter(id -> id.version() == SAGA_ID_VERSION)
        .flatMap(id -> store.view(new SagaId(id)))
        .map(this::body)
        .orElseThrow(() -> Problem.of(Code.UNKNOWN_PAYMENT, sagaId));
  }

  private PaymentBody body(PaymentStore.View view) {
    var payment = view.payment();
    var refusal = payment.refusal();
    return new PaymentBody(
        payment.sagaId().value(),
        state(view),
        payment.wanted().name(),
        payment.amountMinor(),
        payment.currency(),
        payment.providerId(),
        payment.outcomeUnknown(),
        payment.attempts(),
        refusal == null ? null : refusal.code(),
        refusal == null ? null : refusal.detail(),
        payment.lastError(),
        payment.captureBefore(),
        view.refundingMinor(),
        view.refundedMinor(),
        payment.state() == PaymentState.CAPTURED
            ? refunds.refundsOf(payment.sagaId().value())
            : List.of(),
        view.alarm(),
        view.nextActionAt(),
        view.createdAt(),
        view.changedAt());
  }

  private static String state(PaymentStore.View view) {
    var payment = view.payment();
    if (payment.state() != PaymentState.CAPTURED || view.refundedMinor() == 0) {
      return payment.state().name();
    }
    return view.refundedMinor() == payment.amountMinor() ? "REFUNDED" : "REFUNDED_IN_PART";
  }
}
