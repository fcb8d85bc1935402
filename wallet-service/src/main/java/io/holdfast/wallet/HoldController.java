package io.holdfast.wallet;

import io.holdfast.wallet.HoldHandler.Outcome;
import io.holdfast.web.Problem;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
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
    var hold = hold(handler.hold(walletId, request));
    if (hold.state() == HoldState.REFUSED) {
      throw WalletProblem.insufficient();
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
    return hold(handler.confirm(holdId, confirmation == null ? null : confirmation.amountMinor()));
  }

  @PostMapping("/holds/{holdId}/release")
  Hold release(@PathVariable UUID holdId) {
    return hold(handler.release(holdId));
  }

  @GetMapping("/holds/{holdId}")
  Hold get(@PathVariable UUID holdId) {
    return handler.find(holdId).orElseThrow(HoldController::unknown);
  }

  private static Hold hold(Outcome outcome) {
    return switch (outcome) {
      case Outcome.Stands(var hold) -> hold;
      case Outcome.OtherRequest() ->
          throw WalletProblem.reused("this reference stands for another hold");
      case Outcome.OtherCurrency(var currency) ->
          throw Problem.of(
              HttpStatus.CONFLICT, "CURRENCY_MISMATCH", "the wallet is in " + currency);
      case Outcome.Unknown() -> throw unknown();
      case Outcome.MoreThanHeld(var hold) ->
          throw Problem.of(
              HttpStatus.CONFLICT,
              "MORE_THAN_HELD",
              "only %d minor units are held".formatted(hold.amountMinor()),
              "amountMinor");
      case Outcome.Ended(var hold) -> throw ended(hold);
    };
  }

  /** Each end has its own code: what the caller can do differs. */
  private static Problem ended(Hold hold) {
    return switch (hold.state()) {
      case HELD -> throw new IllegalStateException("it has not ended: " + hold);
      case REFUSED -> WalletProblem.insufficient();
      case CONFIRMED ->
          conflict(
              "HOLD_CONFIRMED",
              "%d minor units of it were confirmed before: that stands"
                  .formatted(hold.confirmedMinor()));
      case RELEASED -> conflict("HOLD_RELEASED", "it was released before: ask for a new hold");
      case EXPIRED -> conflict("HOLD_EXPIRED", "its time was over: ask for a new hold");
    };
  }

  private static Problem conflict(String code, String detail) {
    return Problem.of(HttpStatus.CONFLICT, code, detail);
  }

  private static Problem unknown() {
    return Problem.of(HttpStatus.NOT_FOUND, "UNKNOWN_HOLD", "there is no such hold");
  }
}
