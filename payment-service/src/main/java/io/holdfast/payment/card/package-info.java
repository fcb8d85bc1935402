/**
 * Card payments of sagas: authorised on try, captured on confirm, voided on cancel. What is wanted
 * is stored in the transaction that handles the command; a worker then brings the provider there,
 * and answers the saga in the transaction that records what the provider said.
 */
@NullMarked
package io.holdfast.payment.card;

import org.jspecify.annotations.NullMarked;
