/**
 * What goes over the wire. Records here are the published contract between services: their names
 * and fields appear in JSON bodies, so a renamed field is a new version of the message.
 */
@NullMarked
package io.holdfast.contracts;

import org.jspecify.annotations.NullMarked;
