package io.holdfast.payment.transfer;

import io.holdfast.contracts.Code;
import io.holdfast.payment.provider.TransferKind;
import io.holdfast.payment.provider.TransferOrder;
import io.holdfast.web.Problem;
import io.holdfast.web.RequestTrace;
import io.holdfast.web.Rule;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

/** Top-ups over HTTP: money from a card for a wallet. */
@RestController
class TopUpController {

  private static final int UUID_VERSION = 7;

  private final TransferStore store;
  private final TransferWorker worker;

  TopUpController(TransferStore store, TransferWorker worker) {
    this.store = store;
    this.worker = worker;
  }

  /**
   * Money to be taken from a card for a wallet.
   *
   * @param topUpId made by the caller; asked for again with it, it is the same top-up
   * @param amountMinor in minor units of the currency
   * @param currency ISO 4217 code; the wallet's
   * @param paymentMethod the provider's token of the card
   */
  record TopUpRequest(
      @NotNull UUID topUpId,
      @NotNull UUID walletId,
      @Min(1) @Max(99_999_999) long amountMinor,
      @NotNull @Pattern(regexp = "[A-Z]{3}", message = Rule.CURRENCY) String currency,
      @NotNull @Pattern(regexp = "[A-Za-z0-9_.:-]{1,100}", message = Rule.TOKEN)
          String paymentMethod) {}

  /**
   * A top-up.
   *
   * @param state PENDING, SUCCEEDED or FAILED
   * @param providerState what is known of it at the provider
   * @param failureCode why it failed, for programs
   * @param failure why it failed, in English
   * @param alarm what the provider said that cannot be, and was not applied
   * @param nextActionAt when it is looked at again; null if it is over
   */
  record TopUpBody(
      UUID topUpId,
      UUID walletId,
      long amountMinor,
      String currency,
      String state,
      String providerState,
      @Nullable String providerId,
      @Nullable String failureCode,
      @Nullable String failure,
      @Nullable String lastError,
      @Nullable String alarm,
      @Nullable Instant nextActionAt,
      Instant createdAt,
      Instant changedAt) {}

  @PostMapping("/top-ups")
  ResponseEntity<TopUpBody> topUp(
      @RequestBody @Valid TopUpRequest request, HttpServletRequest http) {
    if (request.topUpId().version() != UUID_VERSION) {
      throw Problem.invalid("topUpId", Rule.UUID_V7);
    }
    var topUp =
        Transfer.of(
            new TransferOrder(
                TransferKind.TOP_UP,
                request.topUpId(),
                request.walletId(),
                request.amountMinor(),
                request.currency(),
                request.paymentMethod()),
            RequestTrace.of(http).value());
    boolean isNew = store.insert(List.of(topUp)) == 1;
    if (isNew) {
      worker.wakeUp();
    }
    var view = view(request.topUpId());
    if (!isNew && !view.transfer().order().equals(topUp.order())) {
      throw Problem.ofField(Code.IDEMPOTENCY_KEY_REUSED, "topUpId", "topUpId");
    }
    return ResponseEntity.status(isNew ? HttpStatus.ACCEPTED : HttpStatus.OK).body(body(view));
  }

  @GetMapping("/top-ups/{topUpId}")
  TopUpBody get(@PathVariable UUID topUpId) {
    return body(view(topUpId));
  }

  private TransferStore.View view(UUID topUpId) {
    return store
        .view(TransferKind.TOP_UP, topUpId)
        .orElseThrow(() -> Problem.of(Code.UNKNOWN_TOP_UP, topUpId));
  }

  private static TopUpBody body(TransferStore.View view) {
    var topUp = view.transfer();
    var failure = topUp.failure();
    return new TopUpBody(
        topUp.id(),
        topUp.subject(),
        topUp.amountMinor(),
        topUp.currency(),
        state(topUp.state()),
        topUp.state().name(),
        topUp.providerId(),
        failure == null ? null : failure.code(),
        failure == null ? null : failure.detail(),
        topUp.lastError(),
        topUp.alarm(),
        view.nextActionAt(),
        view.createdAt(),
        view.changedAt());
  }

  private static String state(TransferState state) {
    return switch (state) {
      case PREPARED, CREATED, SENDING, PENDING -> "PENDING";
      case SUCCEEDED -> "SUCCEEDED";
      case FAILED, DROPPED -> "FAILED";
    };
  }
}
