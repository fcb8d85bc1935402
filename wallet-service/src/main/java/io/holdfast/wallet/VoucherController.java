package io.holdfast.wallet;

import io.holdfast.contracts.Code;
import io.holdfast.web.Problem;
import io.holdfast.web.Rule;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.function.Predicate;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** HTTP API of vouchers. */
@RestController
@RequestMapping("/vouchers")
class VoucherController {

  private static final Instant EARLIEST = Instant.parse("2000-01-01T00:00:00Z");
  private static final Instant LATEST = Instant.parse("9999-12-31T23:59:59Z");

  private static final String CODE_FORM = "[A-Z0-9-]{3,40}";
  private static final Predicate<String> CODE =
      java.util.regex.Pattern.compile(CODE_FORM).asMatchPredicate();

  private final VoucherStore store;

  VoucherController(VoucherStore store) {
    this.store = store;
  }

  /**
   * @param code by which orders name it; issued again, it is the same one
   * @param amountMinor how much each use covers at most, in minor units of the currency
   * @param currency ISO 4217 code
   * @param uses how often it can be used; 1 for a single-use voucher
   * @param minimumMinor what an order has to cost at least; 0 for any
   * @param expiresAt it can't be used from then on
   */
  record VoucherRequest(
      @NotNull @Pattern(regexp = CODE_FORM, message = Rule.VOUCHER_CODE) String code,
      @Min(1) @Max(1_000_000_000_000L) long amountMinor,
      @NotNull @Pattern(regexp = "[A-Z]{3}", message = Rule.CURRENCY) String currency,
      @Min(1) @Max(1_000_000_000) int uses,
      @Min(0) @Max(1_000_000_000_000L) long minimumMinor,
      @NotNull Instant expiresAt) {}

  @PostMapping
  Voucher issue(@RequestBody @Valid VoucherRequest request) {
    var expiresAt = request.expiresAt();
    if (expiresAt.isBefore(EARLIEST) || expiresAt.isAfter(LATEST)) {
      throw Problem.invalid("expiresAt", Rule.MOMENT);
    }
    var stored = expiresAt.truncatedTo(ChronoUnit.MICROS);
    store.issue(
        request.code(),
        request.amountMinor(),
        request.currency(),
        request.uses(),
        request.minimumMinor(),
        stored);
    var voucher = get(request.code());
    var wanted =
        new Voucher(
            request.code(),
            request.amountMinor(),
            request.currency(),
            request.uses(),
            request.minimumMinor(),
            stored,
            false,
            0,
            0);
    if (!voucher.isSameIssue(wanted)) {
      throw WalletProblem.reused("code");
    }
    return voucher;
  }

  @GetMapping("/{code}")
  Voucher get(@PathVariable String code) {
    return Optional.of(code)
        .filter(CODE)
        .flatMap(store::find)
        .orElseThrow(() -> Problem.of(Code.VOUCHER_UNKNOWN, code));
  }
}
