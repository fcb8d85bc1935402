/** Messages of the inventory side. */
@NullMarked
package io.holdfast.contracts.inventory;

import org.jspecify.annotations.NullMarked;
