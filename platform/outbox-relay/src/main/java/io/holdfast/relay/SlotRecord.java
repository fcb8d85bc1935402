package io.holdfast.relay;

import org.jspecify.annotations.Nullable;

/**
 * What the relay wrote down about the slot it made.
 *
 * @param systemIdentifier of the PostgreSQL instance in which it was made
 * @param generation counts the slots made under this name
 * @param acknowledged Kafka has everything up to here; written before the slot moves there
 * @param republished whether the rows kept when the slot was made have all been published again
 */
record SlotRecord(
    String systemIdentifier, int generation, @Nullable Lsn acknowledged, boolean republished) {}
