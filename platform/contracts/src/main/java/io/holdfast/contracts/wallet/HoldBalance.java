package io.holdfast.contracts.wallet;

import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Covers an amount: free quota first, then a voucher, then money of the wallet that is set aside.
 *
 * @param walletId whose money
 * @param amountMinor how much at most, in minor units of the currency, at least 1
 * @param currency ISO 4217 code
 * @param partial true: cover what there is, up to the amount, and say in the reply how much; false:
 *     all or refuse
 * @param voucherCode a voucher to be used up, or null
 * @param metered what of the amount is for services that may have a free quota
 */
public record HoldBalance(
    UUID walletId,
    long amountMinor,
    String currency,
    boolean partial,
    @Nullable String voucherCode,
    List<Metered> metered) {

  // Messages of before vouchers and quota carry neither; they may still be on their way.
  public HoldBalance(
      UUID walletId,
      long amountMinor,
      String currency,
      boolean partial,
      @Nullable String voucherCode,
      @Nullable List<Metered> metered) {
    this.walletId = walletId;
    this.amountMinor = amountMinor;
    this.currency = currency;
    this.partial = partial;
    this.voucherCode = voucherCode;
    this.metered = metered == null ? List.of() : List.copyOf(metered);
  }

  /** Without voucher and free quota. */
  public HoldBalance(UUID walletId, long amountMinor, String currency, boolean partial) {
    this(walletId, amountMinor, currency, partial, null, List.of());
  }

  /**
   * @param service whose quota
   * @param units how many are bought, at least 1
   * @param unitPriceMinor what one costs beyond the quota, in minor units
   */
  public record Metered(String service, long units, long unitPriceMinor) {}
}
