/** Owns the saga {@code refund-order}. */
@NullMarked
package io.holdfast.orchestrator.refundorder;

import org.jspecify.annotations.NullMarked;
