/**
 * Fixtures for tests: owns the PostgreSQL server and the Kafka broker of a test run, and each
 * test's database in it.
 */
@NullMarked
package io.holdfast.testing;

import org.jspecify.annotations.NullMarked;
