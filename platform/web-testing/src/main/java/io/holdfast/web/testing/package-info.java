/**
 * What every HTTP API is held against: owns how a service's OpenAPI document is made from its code,
 * and the wrong requests that a service has to survive.
 */
@NullMarked
package io.holdfast.web.testing;

import org.jspecify.annotations.NullMarked;
