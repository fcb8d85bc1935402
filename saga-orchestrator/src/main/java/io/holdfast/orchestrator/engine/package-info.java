/**
 * Runs saga definitions: prefetch, decide, commit; one timer for deadlines, retries and re-sends.
 */
@NullMarked
package io.holdfast.orchestrator.engine;

import org.jspecify.annotations.NullMarked;
