package io.holdfast.contracts.saga;

import io.holdfast.contracts.Reason;

/**
 * Asks for a saga to be cancelled. Too late once its pivot is under way or the decision to confirm
 * is recorded.
 */
public record CancelSaga(Reason reason) {}
