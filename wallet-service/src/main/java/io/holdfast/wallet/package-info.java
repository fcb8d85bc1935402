/**
 * The wallet service: owns customers' balances, what sagas have set aside of them, and the journal
 * of every movement.
 */
@NullMarked
package io.holdfast.wallet;

import org.jspecify.annotations.NullMarked;
