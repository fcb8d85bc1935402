/** Owns the saga {@code fulfil-order}. */
@NullMarked
package io.holdfast.orchestrator.fulfilorder;

import org.jspecify.annotations.NullMarked;
