/**
 * The outbox relay: reads every published outbox of one database from PostgreSQL's log with the
 * embedded Debezium engine and hands the messages to Kafka, each at least once, none ever skipped.
 * It knows topics, keys, headers and bytes, but no business.
 */
@NullMarked
package io.holdfast.relay;

import org.jspecify.annotations.NullMarked;
