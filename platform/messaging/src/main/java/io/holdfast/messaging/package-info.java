/**
 * Messaging as every service does it: envelope, outbox, inbox, batch consumer, timer loop. One poll
 * of Kafka is one database transaction.
 */
@NullMarked
package io.holdfast.messaging;

import org.jspecify.annotations.NullMarked;
