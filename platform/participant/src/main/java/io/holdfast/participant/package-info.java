/**
 * The participant kit: owns the fence rows of a service, so that a repeated, late, reordered or
 * contradicting command has one effect and always the same answer. The service brings only its
 * domain.
 */
@NullMarked
package io.holdfast.participant;

import org.jspecify.annotations.NullMarked;
