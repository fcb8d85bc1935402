/**
 * The inventory service: owns goods' stock, what sagas have set aside of it, and the journal of
 * every movement.
 */
@NullMarked
package io.holdfast.inventory;

import org.jspecify.annotations.NullMarked;
