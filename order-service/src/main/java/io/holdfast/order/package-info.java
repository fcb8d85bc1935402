/**
 * Orders: owns products with their prices, orders with their lines, and what happened to them.
 *
 * <p>An order and the message that starts its saga are one transaction; how the saga ended comes
 * back as an event. Until it does, the start is sent again.
 */
@NullMarked
package io.holdfast.order;

import org.jspecify.annotations.NullMarked;
