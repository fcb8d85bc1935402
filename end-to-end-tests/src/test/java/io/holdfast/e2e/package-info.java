/**
 * The five services together, over HTTP and Kafka, with faults; and the invariants that hold
 * whatever happens.
 */
@NullMarked
package io.holdfast.e2e;

import org.jspecify.annotations.NullMarked;
