/**
 * Fixtures and suites for tests: owns the PostgreSQL server and the Kafka broker of a test run, and
 * the suite that every participant passes.
 */
@NullMarked
package io.holdfast.testing;

import org.jspecify.annotations.NullMarked;
