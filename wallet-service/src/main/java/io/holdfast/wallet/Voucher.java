package io.holdfast.wallet;

import io.holdfast.contracts.Code;
import io.holdfast.contracts.Reason;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What pays a part of an order instead of its customer's money.
 *
 * @param code by which it is named
 * @param amountMinor how much each use covers at most, in minor units of the currency
 * @param currency ISO 4217 code
 * @param uses how often it can be used
 * @param minimumMinor what an order has to cost at least
 * @param expiresAt it can't be reserved from then on; what is reserved stays
 * @param expired whether it has expired, by the database's clock
 * @param reserved uses that belong to orders that have not ended
 * @param redeemed uses that are used up
 */
record Voucher(
    String code,
    long amountMinor,
    String currency,
    int uses,
    long minimumMinor,
    Instant expiresAt,
    boolean expired,
    int reserved,
    int redeemed) {

  /** Why an order of {@code amountMinor} can't use it; null if it can. */
  @Nullable Reason refusal(long amountMinor, String currency) {
    if (expired) {
      return Reason.of(Code.VOUCHER_EXPIRED, "the voucher " + code + " has expired");
    }
    if (!this.currency.equals(currency)) {
      return Reason.of(
          Code.VOUCHER_CURRENCY_MISMATCH,
          "the voucher %s is in %s, not in %s".formatted(code, this.currency, currency));
    }
    if (amountMinor < minimumMinor) {
      return Reason.of(
          Code.VOUCHER_BELOW_MINIMUM,
          "the voucher %s needs an order of at least %d %s minor units"
              .formatted(code, minimumMinor, this.currency));
    }
    if (reserved + redeemed >= uses) {
      return Reason.of(Code.VOUCHER_USED_UP, "the voucher " + code + " is used up");
    }
    return null;
  }

  Voucher plus(int reserved, int redeemed) {
    return new Voucher(
        code,
        amountMinor,
        currency,
        uses,
        minimumMinor,
        expiresAt,
        expired,
        this.reserved + reserved,
        this.redeemed + redeemed);
  }

  boolean isSameIssue(Voucher other) {
    return amountMinor == other.amountMinor
        && currency.equals(other.currency)
        && uses == other.uses
        && minimumMinor == other.minimumMinor
        && expiresAt.equals(other.expiresAt);
  }
}
