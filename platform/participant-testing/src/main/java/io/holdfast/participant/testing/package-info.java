/**
 * The suites that every participant passes, and what they drive it with: a part of the kit, for
 * other teams' participants too.
 */
@NullMarked
package io.holdfast.participant.testing;

import org.jspecify.annotations.NullMarked;
