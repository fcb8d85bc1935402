/** What operators see of sagas. */
@NullMarked
package io.holdfast.orchestrator.admin;

import org.jspecify.annotations.NullMarked;
