/** Messages of the wallet side. */
@NullMarked
package io.holdfast.contracts.wallet;

import org.jspecify.annotations.NullMarked;
