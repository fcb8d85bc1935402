package io.holdfast.wallet;

/**
 * The accounts of a wallet's books. A balance is what was credited less what was debited; that of
 * {@link #CREDITS}, {@link #REFUNDS} and {@link #VOUCHERS}, where money comes from, is the other
 * way round.
 */
enum Account {
  /** The wallet's money that can be set aside or spent. */
  AVAILABLE,
  /** The wallet's money that is set aside. */
  HELD,
  /** Paid for orders and services. */
  SPENT,
  /** Paid out. */
  WITHDRAWN,
  /** Paid in. */
  CREDITS,
  /** Paid back. */
  REFUNDS,
  /** Given away. */
  VOUCHERS,
  /** Given away, and set aside for an order. */
  VOUCHER_HELD,
  /** Given away, and paid for an order. */
  VOUCHER_SPENT
}
