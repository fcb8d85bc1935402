/**
 * What the provider tells unasked: checked by its signature, stored once, and handled as a hint
 * that something has changed.
 */
@NullMarked
package io.holdfast.payment.webhook;

import org.jspecify.annotations.NullMarked;
