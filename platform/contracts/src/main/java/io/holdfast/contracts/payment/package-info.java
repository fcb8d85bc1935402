/** Messages of the payment side. */
@NullMarked
package io.holdfast.contracts.payment;

import org.jspecify.annotations.NullMarked;
