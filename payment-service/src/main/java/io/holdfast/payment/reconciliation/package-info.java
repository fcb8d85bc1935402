/** Our books held against the provider's, and what is done about what differs. */
@NullMarked
package io.holdfast.payment.reconciliation;

import org.jspecify.annotations.NullMarked;
