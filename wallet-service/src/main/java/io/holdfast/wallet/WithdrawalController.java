package io.holdfast.wallet;

import io.holdfast.contracts.Code;
import io.holdfast.wallet.WithdrawalHandler.Outcome;
import io.holdfast.web.Problem;
import io.holdfast.web.RequestTrace;
import io.holdfast.web.Rule;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** HTTP API of withdrawals. */
@RestController
class WithdrawalController {

  private static final int TIME_ORDERED = 7;

  private final WithdrawalHandler handler;
  private final WithdrawalStore store;

  WithdrawalController(WithdrawalHandler handler, WithdrawalStore store) {
    this.handler = handler;
    this.store = store;
  }

  @PostMapping("/wallets/{walletId}/withdrawals")
  Withdrawal request(
      @PathVariable UUID walletId,
      @RequestBody @Valid WithdrawalRequest request,
      HttpServletRequest http) {
    if (request.withdrawalId().version() != TIME_ORDERED) {
      throw Problem.invalid("withdrawalId", Rule.UUID_V7);
    }
    var withdrawal =
        withdrawal(
            handler.request(walletId, request, RequestTrace.of(http)), request.withdrawalId());
    if (withdrawal.state() == WithdrawalState.REFUSED) {
      throw WalletProblem.insufficient(walletId);
    }
    return withdrawal;
  }

  @PostMapping("/withdrawals/{withdrawalId}/approve")
  Withdrawal approve(@PathVariable UUID withdrawalId) {
    return withdrawal(handler.approve(withdrawalId), withdrawalId);
  }

  /**
   * @param reason for the customer, or null
   */
  record Rejection(
      @Nullable @Size(max = 200) @Pattern(regexp = Text.PLAIN, message = Rule.PLAIN_TEXT)
          String reason) {}

  @PostMapping("/withdrawals/{withdrawalId}/reject")
  Withdrawal reject(
      @PathVariable UUID withdrawalId,
      @RequestBody(required = false) @Valid @Nullable Rejection rejection) {
    return withdrawal(
        handler.reject(withdrawalId, rejection == null ? null : rejection.reason()), withdrawalId);
  }

  @GetMapping("/withdrawals/{withdrawalId}")
  Withdrawal get(@PathVariable UUID withdrawalId) {
    return store.find(withdrawalId).orElseThrow(() -> unknown(withdrawalId));
  }

  /**
   * @param withdrawals newest first
   * @param next pass it as {@code after} to get what follows; null at the end
   */
  record Page(List<Withdrawal> withdrawals, @Nullable UUID next) {}

  @GetMapping("/wallets/{walletId}/withdrawals")
  Page list(
      @PathVariable UUID walletId,
      @RequestParam(required = false) @Nullable UUID after,
      @RequestParam(defaultValue = "50") @Min(1) @Max(500) int limit) {
    var found = store.list(walletId, after, limit);
    return new Page(found, found.size() < limit ? null : found.getLast().withdrawalId());
  }

  private static Withdrawal withdrawal(Outcome outcome, UUID withdrawalId) {
    return switch (outcome) {
      case Outcome.Stands(var withdrawal) -> withdrawal;
      case Outcome.OtherRequest() -> throw WalletProblem.reused("withdrawalId");
      case Outcome.OtherCurrency(var currency) -> throw WalletProblem.otherCurrency(currency);
      case Outcome.Unknown() -> throw unknown(withdrawalId);
      case Outcome.Decided(var withdrawal) ->
          throw Problem.of(Code.ALREADY_DECIDED, withdrawal.state());
    };
  }

  private static Problem unknown(UUID withdrawalId) {
    return Problem.of(Code.UNKNOWN_WITHDRAWAL, withdrawalId);
  }
}
