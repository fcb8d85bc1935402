/** Measures single pieces of code inside one JVM: nanoseconds and bytes allocated. */
@NullMarked
package io.holdfast.benchmarks.micro;

import org.jspecify.annotations.NullMarked;
