package io.holdfast.wallet;

import io.holdfast.contracts.Code;
import io.holdfast.wallet.HoldHandler.Outcome;
import io.holdfast.web.Problem;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

/** HTTP API of money that is set aside without a saga. */
@RestController
class HoldController {

  private final HoldHandler handler;

  HoldController(HoldHandler handler) {
    this.handler = handler;
  }

  @PostMapping("/wallets/{walletId}/holds")
  Hold hold(@PathVariable UUID walletId, @RequestBody @Valid HoldRequest request) {
    var hold = standing(walletId, handler.hold(walletId, request));
    if (hold.state() == HoldState.REFUSED) {
      throw WalletProblem.insufficient(walletId);
    }
    return hold;
  }

  /**
   * @param amountMinor how much of it is spent, in minor units of its currency; null for all
   */
  record Confirmation(@Nullable @Min(1) @Max(1_000_000_000_000L) Long amountMinor) {}

  /** Spends what is held, or a part of it: the rest goes back at once. */
  @PostMapping("/holds/{holdId}/confirm")
  Hold confirm(
      @PathVariable UUID holdId,
      @RequestBody(required = false) @Valid @Nullable Confirmation confirmation) {
    return standing(
        holdId, handler.confirm(holdId, confirmation == null ? null : confirmation.amountMinor()));
  }

  @PostMapping("/holds/{holdId}/release")
  Hold release(@PathVariable UUID holdId) {
    return standing(holdId, handler.release(holdId));
  }

  @GetMapping("/holds/{holdId}")
  Hold get(@PathVariable UUID holdId) {
    return handler.find(holdId).orElseThrow(() -> unknown(holdId));
  }

  /**
   * @param asked the id in the path
   */
  private static Hold standing(UUID asked, Outcome outcome) {
    return switch (outcome) {
      case Outcome.Stands(var hold) -> hold;
      case Outcome.OtherRequest() -> throw WalletProblem.reused("reference");
      case Outcome.OtherCurrency(var currency) -> throw WalletProblem.otherCurrency(currency);
      case Outcome.Unknown() -> throw unknown(asked);
      case Outcome.MoreThanHeld(var hold) ->
          throw Problem.ofField(Code.MORE_THAN_HELD, "amountMinor", hold.amountMinor());
      case Outcome.Ended(var hold) -> throw ended(hold);
    };
  }

  /** Each end has its own code: what the caller can do differs. */
  private static Problem ended(Hold hold) {
    return switch (hold.state()) {
      case HELD -> throw new IllegalStateException("it has not ended: " + hold);
      case REFUSED -> WalletProblem.insufficient(hold.walletId());
      case CONFIRMED -> Problem.of(Code.HOLD_CONFIRMED, hold.confirmedMinor());
      case RELEASED -> Problem.of(Code.HOLD_RELEASED);
      case EXPIRED -> Problem.of(Code.HOLD_EXPIRED);
    };
  }

  private static Problem unknown(UUID holdId) {
    return Problem.of(Code.UNKNOWN_HOLD, holdId);
  }
}
