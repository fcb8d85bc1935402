package io.holdfast.wallet;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;

/**
 * Wants money set aside.
 *
 * @param reference of whoever asks; asked again, it is the same hold
 * @param amountMinor in minor units of the currency
 * @param currency ISO 4217 code, the wallet's
 * @param expiresInSeconds how long it is kept at most: seven days, as card holds are
 */
record HoldRequest(
    @NotBlank @Size(max = 100) @Pattern(regexp = Text.PLAIN, message = Text.IS_PLAIN)
        String reference,
    @Min(1) @Max(1_000_000_000_000L) long amountMinor,
    @NotNull @Pattern(regexp = "[A-Z]{3}", message = "is an ISO 4217 code such as EUR")
        String currency,
    @Min(1) @Max(604_800) long expiresInSeconds) {}
