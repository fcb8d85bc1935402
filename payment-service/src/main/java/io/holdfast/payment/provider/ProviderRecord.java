package io.holdfast.payment.provider;

import io.holdfast.contracts.Reason;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One movement of money as the provider has it in its books.
 *
 * @param ourId the saga or top-up that it carries as a note; null if it carries none that we know
 * @param amountMinor in minor units of {@code currency}
 * @param currency ISO 4217 code
 * @param failure why it failed, where it did
 * @param createdAt by the provider's clock
 */
public record ProviderRecord(
    Kind kind,
    String id,
    @Nullable UUID ourId,
    long amountMinor,
    String currency,
    Status status,
    @Nullable Reason failure,
    Instant createdAt) {

  /** By how much the provider's clock and ours can differ. */
  public static final Duration CLOCKS_DIFFER = Duration.ofMinutes(2);

  /** What moves. */
  public enum Kind {
    /** Of a saga, captured by hand; or of somebody else who shares the account. */
    PAYMENT,
    REFUND,
    PAYOUT,
    TOP_UP
  }

  /** How far it has got. */
  public enum Status {
    /** The amount is set aside on a card. */
    HELD,
    /** Under way. */
    PENDING,
    SUCCEEDED,
    FAILED,
    /** Given back before it was taken. */
    VOIDED
  }

  /** Which of our transfers it can be; null for a payment. */
  public @Nullable TransferKind transferKind() {
    return switch (kind) {
      case PAYMENT -> null;
      case REFUND -> TransferKind.REFUND;
      case PAYOUT -> TransferKind.PAYOUT;
      case TOP_UP -> TransferKind.TOP_UP;
    };
  }

  /** What differs from the amount that we know; null if nothing does. */
  public @Nullable String differenceTo(long expectedMinor, String expectedCurrency) {
    return amountMinor == expectedMinor && currency.equals(expectedCurrency)
        ? null
        : "the provider's %s is of %d %s, ours of %d %s"
            .formatted(id, amountMinor, currency, expectedMinor, expectedCurrency);
  }
}
