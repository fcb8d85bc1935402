@NullMarked
package io.holdfast.embedded;

import org.jspecify.annotations.NullMarked;
