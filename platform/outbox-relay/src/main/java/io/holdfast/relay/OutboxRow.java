package io.holdfast.relay;

import java.util.UUID;

/**
 * One committed transaction's messages.
 *
 * @param outbox schema and table, for error messages
 * @param id the row's id
 * @param payload packed messages
 */
record OutboxRow(String outbox, UUID id, byte[] payload) {}
