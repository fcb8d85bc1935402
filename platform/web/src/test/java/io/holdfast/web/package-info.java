/** Tests of what every HTTP API shares: owns the check that all codes have texts. */
@NullMarked
package io.holdfast.web;

import org.jspecify.annotations.NullMarked;
