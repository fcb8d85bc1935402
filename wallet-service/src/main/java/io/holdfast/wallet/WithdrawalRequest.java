package io.holdfast.wallet;

import io.holdfast.web.Rule;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.util.UUID;

/**
 * Wants money paid out.
 *
 * @param withdrawalId a UUID of version 7 that the caller made; asked again, it is the same one
 * @param amountMinor in minor units of the currency
 * @param currency ISO 4217 code, the wallet's
 * @param destination the provider's token of the account that gets the money
 */
record WithdrawalRequest(
    @NotNull UUID withdrawalId,
    @Min(1) @Max(1_000_000_000_000L) long amountMinor,
    @NotNull @Pattern(regexp = "[A-Z]{3}", message = Rule.CURRENCY) String currency,
    @NotBlank @Size(max = 200) @Pattern(regexp = Text.PLAIN, message = Rule.PLAIN_TEXT)
        String destination) {}
