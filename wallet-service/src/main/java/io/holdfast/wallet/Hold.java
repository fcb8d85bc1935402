package io.holdfast.wallet;

import com.fasterxml.jackson.annotation.JsonIgnore;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Money of a wallet that was set aside over HTTP.
 *
 * @param holdId by which it is confirmed or released; the cause of its entries
 * @param walletId whose money
 * @param reference of whoever asked for it; asked for again, it is the same one
 * @param amountMinor in minor units of the currency
 * @param currency ISO 4217 code
 * @param expiresInSeconds for how long it was asked for
 * @param confirmedMinor what of it was spent; 0 unless confirmed
 * @param expiresAt null once it has ended
 * @param endedAt null until it has ended
 * @param overdue whether it has to expire, by the database's clock
 */
record Hold(
    UUID holdId,
    UUID walletId,
    String reference,
    long amountMinor,
    String currency,
    long expiresInSeconds,
    HoldState state,
    long confirmedMinor,
    Instant requestedAt,
    @Nullable Instant expiresAt,
    @Nullable Instant endedAt,
    @JsonIgnore boolean overdue) {

  boolean isFor(HoldRequest request) {
    return amountMinor == request.amountMinor()
        && currency.equals(request.currency())
        && expiresInSeconds == request.expiresInSeconds();
  }
}
