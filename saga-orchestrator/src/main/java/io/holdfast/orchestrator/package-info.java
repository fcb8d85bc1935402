/**
 * The saga orchestrator: owns schema {@code saga}, runs definitions, knows no business in its
 * engine.
 */
@NullMarked
package io.holdfast.orchestrator;

import org.jspecify.annotations.NullMarked;
