/**
 * The pure core: what a saga and a participant decide, as total functions over records. No clock,
 * database, broker, randomness or logging is on this module's class path; time and deadlines arrive
 * as events.
 */
@NullMarked
package io.holdfast.saga;

import org.jspecify.annotations.NullMarked;
