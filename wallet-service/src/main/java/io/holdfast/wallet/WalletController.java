package io.holdfast.wallet;

import io.holdfast.web.Problem;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.util.UUID;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** HTTP API of wallets. */
@RestController
@RequestMapping("/wallets")
class WalletController {

  private final WalletStore store;

  WalletController(WalletStore store) {
    this.store = store;
  }

  /**
   * Money that is paid in.
   *
   * @param amountMinor in minor units of the currency
   * @param currency ISO 4217 code; the first credit decides the wallet's
   * @param reference of the payment; reported again, it counts once
   */
  record CreditRequest(
      @Min(1) @Max(1_000_000_000_000L) long amountMinor,
      @NotNull @Pattern(regexp = "[A-Z]{3}", message = "is an ISO 4217 code such as EUR")
          String currency,
      @NotBlank @Size(max = 100) String reference) {}

  @PostMapping("/{walletId}/credits")
  Wallet credit(@PathVariable UUID walletId, @RequestBody @Valid CreditRequest request) {
    return switch (store.credit(
        walletId, request.reference(), request.amountMinor(), request.currency())) {
      case CREDITED -> get(walletId);
      case OTHER_AMOUNT ->
          throw Problem.of(
              HttpStatus.CONFLICT,
              "REFERENCE_REUSED",
              "this reference was reported with another amount: take a new reference");
      case OTHER_CURRENCY ->
          throw Problem.of(
              HttpStatus.CONFLICT,
              "CURRENCY_MISMATCH",
              "the wallet is in another currency than " + request.currency());
    };
  }

  @GetMapping("/{walletId}")
  Wallet get(@PathVariable UUID walletId) {
    return store
        .find(walletId)
        .orElseThrow(
            () ->
                Problem.of(
                    HttpStatus.NOT_FOUND,
                    "UNKNOWN_WALLET",
                    "there is no such wallet: a credit opens it"));
  }
}
