package io.holdfast.wallet;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.LocalDate;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What is set aside for one saga.
 *
 * @param walletId whose money
 * @param amountMinor of the wallet's money, in minor units of its currency; 0 where a partial hold
 *     found nothing, or quota and voucher cover all
 * @param voucher what a voucher covers, or null
 * @param quota free units that are used
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
record BalanceHold(
    UUID walletId, long amountMinor, @Nullable VoucherHold voucher, List<QuotaHold> quota) {

  // Holds of before vouchers and quota were stored without them.
  BalanceHold(
      UUID walletId,
      long amountMinor,
      @Nullable VoucherHold voucher,
      @Nullable List<QuotaHold> quota) {
    this.walletId = walletId;
    this.amountMinor = amountMinor;
    this.voucher = voucher;
    this.quota = quota == null ? List.of() : List.copyOf(quota);
  }

  /**
   * @param code which voucher
   * @param amountMinor how much it covers, at least 1
   */
  record VoucherHold(String code, long amountMinor) {}

  /**
   * @param service whose quota
   * @param month of which month, its first day
   * @param units how many, at least 1
   */
  record QuotaHold(String service, LocalDate month, long units) {}
}
