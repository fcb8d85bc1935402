package io.holdfast.wallet;

import io.holdfast.contracts.Code;
import io.holdfast.wallet.ChargeHandler.Outcome;
import io.holdfast.web.Problem;
import io.holdfast.web.Rule;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.util.UUID;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** HTTP API of metered services. */
@RestController
@RequestMapping("/wallets/{walletId}/charges")
class ChargeController {

  private static final long MOST_UNITS = 1_000_000;

  private final ChargeHandler handler;

  ChargeController(ChargeHandler handler) {
    this.handler = handler;
  }

  /**
   * @param reference of what was used; reported again, it is charged once
   * @param service one of those that are configured
   * @param units how many were used
   */
  record ChargeRequest(
      @NotBlank @Size(max = 100) @Pattern(regexp = Text.PLAIN, message = Rule.PLAIN_TEXT)
          String reference,
      @NotNull String service,
      @Min(1) @Max(MOST_UNITS) long units) {}

  @PostMapping
  Charge charge(@PathVariable UUID walletId, @RequestBody @Valid ChargeRequest request) {
    return switch (handler.charge(
        walletId, request.reference(), request.service(), request.units())) {
      case Outcome.Stands(var charge) -> {
        if (charge.refused()) {
          throw WalletProblem.insufficient(walletId);
        }
        yield charge;
      }
      case Outcome.OtherRequest() -> throw WalletProblem.reused("reference");
      case Outcome.OtherCurrency(var serviceCurrency) ->
          throw WalletProblem.otherCurrency(serviceCurrency);
      case Outcome.UnknownService() -> throw unknown(request.service());
    };
  }

  @GetMapping("/check")
  ChargeHandler.Check check(
      @PathVariable UUID walletId,
      @RequestParam String service,
      @RequestParam @Min(1) @Max(MOST_UNITS) long units) {
    return handler.check(walletId, service, units).orElseThrow(() -> unknown(service));
  }

  private static Problem unknown(String service) {
    return Problem.ofField(Code.UNKNOWN_SERVICE, "service", service);
  }
}
