/** Messages of the saga side. */
@NullMarked
package io.holdfast.contracts.saga;

import org.jspecify.annotations.NullMarked;
