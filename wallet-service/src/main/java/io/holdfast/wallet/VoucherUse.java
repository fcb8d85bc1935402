package io.holdfast.wallet;

import java.util.UUID;

/**
 * One saga's use of a voucher.
 *
 * @param causeId the saga
 * @param code which voucher
 * @param walletId whose order
 * @param amountMinor how much it covers
 */
record VoucherUse(UUID causeId, String code, UUID walletId, long amountMinor, State state) {

  /** Where a use stands. */
  enum State {
    RESERVED,
    REDEEMED,
    RELEASED
  }
}
