/** Owns the saga {@code withdraw}. */
@NullMarked
package io.holdfast.orchestrator.withdraw;

import org.jspecify.annotations.NullMarked;
