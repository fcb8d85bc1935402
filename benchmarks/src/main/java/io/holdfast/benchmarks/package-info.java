/**
 * Measures the real services from outside: how many orders, how fast, at what cost, and whether the
 * books balance.
 */
@NullMarked
package io.holdfast.benchmarks;

import org.jspecify.annotations.NullMarked;
