package io.holdfast.relay;

import org.jspecify.annotations.Nullable;

/**
 * The slot as PostgreSQL sees it.
 *
 * @param database to which it belongs
 * @param plugin its output plugin
 * @param activePid process that streams from it, or null
 * @param walStatus reserved, extended, unreserved or lost
 * @param invalidationReason why PostgreSQL gave the slot up, or null
 * @param confirmed PostgreSQL forgets everything before this
 * @param lagBytes log written after {@code confirmed}
 * @param retainedBytes log kept on disk for the slot
 */
record SlotStatus(
    String database,
    String plugin,
    @Nullable Integer activePid,
    String walStatus,
    @Nullable String invalidationReason,
    @Nullable Lsn confirmed,
    long lagBytes,
    long retainedBytes) {}
