/**
 * Money that moves once: refunds of captured payments, payouts to bank accounts, top-ups from
 * cards. The row is there before the provider is asked, and whoever learns first how it ended
 * records it.
 */
@NullMarked
package io.holdfast.payment.transfer;

import org.jspecify.annotations.NullMarked;
