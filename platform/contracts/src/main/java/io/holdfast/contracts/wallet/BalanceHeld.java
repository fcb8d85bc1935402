package io.holdfast.contracts.wallet;

/**
 * Data of the wallet's answer to {@link HoldBalance}.
 *
 * @param amountMinor what is covered in all, in minor units; less than asked only where a partial
 *     hold was allowed
 * @param quotaMinor how much of that free quota covers
 * @param voucherMinor how much of that the voucher covers
 */
public record BalanceHeld(long amountMinor, long quotaMinor, long voucherMinor) {

  /** All of it the wallet's money. */
  public BalanceHeld(long amountMinor) {
    this(amountMinor, 0, 0);
  }
}
