/**
 * Everything in one JVM: PostgreSQL, Kafka, the five services, a sample catalogue, and a command
 * that places an order.
 */
@NullMarked
package io.holdfast.quickstart;

import org.jspecify.annotations.NullMarked;
