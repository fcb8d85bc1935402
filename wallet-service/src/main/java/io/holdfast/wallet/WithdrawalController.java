package io.holdfast.wallet;

import io.holdfast.wallet.WithdrawalHandler.Outcome;
import io.holdfast.web.Problem;
import io.holdfast.web.RequestTrace;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
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
      throw Problem.invalid("withdrawalId", "withdrawalId is a UUID of version 7");
    }
    var withdrawal = withdrawal(handler.request(walletId, request, RequestTrace.of(http)));
    if (withdrawal.state() == WithdrawalState.REFUSED) {
      throw WalletProblem.insufficient();
    }
    return withdrawal;
  }

  @PostMapping("/withdrawals/{withdrawalId}/approve")
  Withdrawal approve(@PathVariable UUID withdrawalId) {
    return withdrawal(handler.approve(withdrawalId));
  }

  /**
   * @param reason for the customer, or null
   */
  record Rejection(
      @Nullable @Size(max = 200) @Pattern(regexp = Text.PLAIN, message = Text.IS_PLAIN)
          String reason) {}

  @PostMapping("/withdrawals/{withdrawalId}/reject")
  Withdrawal reject(
      @PathVariable UUID withdrawalId,
      @RequestBody(required = false) @Valid @Nullable Rejection rejection) {
    return withdrawal(handler.reject(withdrawalId, rejection == null ? null : rejection.reason()));
  }

  @GetMapping("/withdrawals/{withdrawalId}")
  Withdrawal get(@PathVariable UUID withdrawalId) {
    return store.find(withdrawalId).orElseThrow(WithdrawalController::unknown);
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

  private static Withdrawal withdrawal(Outcome outcome) {
    return switch (outcome) {
      case Outcome.Stands(var withdrawal) -> withdrawal;
      case Outcome.OtherRequest() ->
          throw WalletProblem.reused("this withdrawalId stands for another withdrawal");
      case Outcome.OtherCurrency(var currency) ->
          throw Problem.of(
              HttpStatus.CONFLICT, "CURRENCY_MISMATCH", "the wallet is in " + currency);
      case Outcome.Unknown() -> throw unknown();
      case Outcome.Decided(var withdrawal) ->
          throw Problem.of(
              HttpStatus.CONFLICT,
              "WITHDRAWAL_DECIDED",
              "this was decided before: the withdrawal is " + withdrawal.state());
    };
  }

  private static Problem unknown() {
    return Problem.of(HttpStatus.NOT_FOUND, "UNKNOWN_WITHDRAWAL", "there is no such withdrawal");
  }
}
