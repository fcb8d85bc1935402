/**
 * What every HTTP API shares: owns how errors look (RFC 9457), where a trace begins, and how large
 * a request may be.
 */
@NullMarked
package io.holdfast.web;

import org.jspecify.annotations.NullMarked;
