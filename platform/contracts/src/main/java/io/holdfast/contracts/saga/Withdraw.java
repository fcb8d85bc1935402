package io.holdfast.contracts.saga;

import java.util.UUID;

/**
 * Input of the saga {@code withdraw}, which the wallet service starts when a withdrawal is
 * approved.
 *
 * @param withdrawalId which withdrawal
 * @param amountMinor in minor units of the currency
 * @param currency ISO 4217 code
 * @param destination the provider's token of the account that gets the money
 */
public record Withdraw(UUID withdrawalId, long amountMinor, String currency, String destination) {

  /** The name of the definition that takes this input. */
  public static final String DEFINITION = "withdraw";
}
