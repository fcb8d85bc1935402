/**
 * The wallet service: owns customers' balances, what is set aside of them, withdrawals, refunds,
 * vouchers, free quota, and the ledger of every movement.
 */
@NullMarked
package io.holdfast.wallet;

import org.jspecify.annotations.NullMarked;
