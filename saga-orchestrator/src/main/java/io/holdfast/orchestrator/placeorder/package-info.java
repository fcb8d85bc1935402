/** The order platform's own saga: a user of the engine like any other. */
@NullMarked
package io.holdfast.orchestrator.placeorder;

import org.jspecify.annotations.NullMarked;
