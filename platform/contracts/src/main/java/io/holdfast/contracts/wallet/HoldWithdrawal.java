package io.holdfast.contracts.wallet;

import java.util.UUID;

/**
 * Takes an approved withdrawal into payment. Its money has been held since it was requested.
 *
 * @param withdrawalId which one
 */
public record HoldWithdrawal(UUID withdrawalId) {}
