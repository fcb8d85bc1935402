package io.holdfast.wallet;

import io.holdfast.contracts.Code;
import io.holdfast.wallet.LedgerReader.Line;
import io.holdfast.web.Problem;
import io.holdfast.web.Rule;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** HTTP API of wallets and their statements. */
@RestController
@RequestMapping("/wallets")
class WalletController {

  private final WalletStore store;
  private final LedgerReader ledger;

  WalletController(WalletStore store, LedgerReader ledger) {
    this.store = store;
    this.ledger = ledger;
  }

  /**
   * Money that is paid in.
   *
   * @param amountMinor in minor units of the currency
   * @param currency ISO 4217 code; the first money decides the wallet's
   * @param reference of the payment; reported again, it counts once
   */
  record CreditRequest(
      @Min(1) @Max(1_000_000_000_000L) long amountMinor,
      @NotNull @Pattern(regexp = "[A-Z]{3}", message = Rule.CURRENCY) String currency,
      @NotBlank @Size(max = 100) @Pattern(regexp = Text.PLAIN, message = Rule.PLAIN_TEXT)
          String reference) {}

  @PostMapping("/{walletId}/credits")
  Wallet credit(@PathVariable UUID walletId, @RequestBody @Valid CreditRequest request) {
    return switch (store.credit(
        walletId, request.reference(), request.amountMinor(), request.currency())) {
      case CREDITED -> get(walletId);
      case OTHER_AMOUNT -> throw WalletProblem.reused("reference");
      case OTHER_CURRENCY -> throw WalletProblem.otherCurrency(request.currency());
    };
  }

  @GetMapping("/{walletId}")
  Wallet get(@PathVariable UUID walletId) {
    return store.find(walletId).orElseThrow(() -> Problem.of(Code.UNKNOWN_WALLET, walletId));
  }

  /**
   * A part of a statement.
   *
   * @param entries those of the newest cause first
   * @param next pass it as {@code after} to get what follows; null at the end
   */
  record Statement(List<Line> entries, @Nullable String next) {}

  /** A wallet that does not exist has an empty statement: nothing has happened in it. */
  @GetMapping("/{walletId}/entries")
  Statement entries(
      @PathVariable UUID walletId,
      @RequestParam(required = false) @Nullable String after,
      @RequestParam(defaultValue = "50") @Min(1) @Max(500) int limit) {
    var cursor = after == null ? Cursor.START : Cursor.of(after);
    var lines = ledger.statement(walletId, cursor.causeId(), cursor.operation(), limit);
    return new Statement(
        lines, lines.size() < limit ? null : Cursor.behind(lines.getLast()).text());
  }

  /** Where a statement goes on. */
  private record Cursor(@Nullable UUID causeId, String operation) {

    static final Cursor START = new Cursor(null, "");

    static Cursor of(String text) {
      int colon = text.indexOf(':');
      try {
        var operation = WalletEntry.Operation.valueOf(text.substring(colon + 1));
        return new Cursor(UUID.fromString(text.substring(0, Math.max(colon, 0))), operation.name());
      } catch (IllegalArgumentException e) {
        throw Problem.invalid("after", Rule.CURSOR);
      }
    }

    static Cursor behind(Line line) {
      return new Cursor(line.causeId(), line.operation().name());
    }

    String text() {
      return causeId + ":" + operation;
    }
  }
}
