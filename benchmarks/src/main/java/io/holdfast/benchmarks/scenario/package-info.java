/**
 * Load that a user runs: many actors at once do what goes wrong elsewhere, and then the books are
 * checked.
 */
@NullMarked
package io.holdfast.benchmarks.scenario;

import org.jspecify.annotations.NullMarked;
