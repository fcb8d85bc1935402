package io.holdfast.payment.provider;

import io.holdfast.contracts.Reason;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What the provider says of one payment, whichever way it was asked. */
public sealed interface ProviderAnswer {

  /**
   * The amount is held on the card and not taken.
   *
   * @param captureBefore when the hold expires at the provider, where it says so
   */
  record Authorised(String providerId, @Nullable Instant captureBefore) implements ProviderAnswer {}

  /** The amount has been taken. */
  record Captured(String providerId) implements ProviderAnswer {}

  /** Nothing is held: voided, or expired. */
  record Voided(String providerId) implements ProviderAnswer {}

  /**
   * The card or the provider says no, definitely.
   *
   * @param providerId the provider's record of the attempt, where it made one
   */
  record Declined(@Nullable String providerId, Reason reason) implements ProviderAnswer {}

  /**
   * The provider knows no such payment now. A request that is still under way may yet make it.
   *
   * @param behind by how much what it was asked can be behind what it has made
   */
  record Absent(Duration behind) implements ProviderAnswer {}

  /** This request has changed nothing and never will: it did not get through. */
  record Untouched(String why) implements ProviderAnswer {}

  /** The request may or may not have taken effect. */
  record Unknown(String why) implements ProviderAnswer {}

  /** As it is written in metrics. */
  default String label() {
    return switch (this) {
      case Authorised _ -> "authorised";
      case Captured _ -> "captured";
      case Voided _ -> "voided";
      case Declined _ -> "declined";
      case Absent _ -> "absent";
      case Untouched _ -> "untouched";
      case Unknown _ -> "unknown";
    };
  }
}
