package io.holdfast.payment.provider;

import io.holdfast.contracts.Reason;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What the provider says of one transfer, whichever way it was asked. */
public sealed interface TransferAnswer {

  /** It is in the provider's books. */
  record Known(ProviderRecord found) implements TransferAnswer {}

  /**
   * The provider says no to the request, definitely.
   *
   * @param providerId its record of the attempt, where it made one
   */
  record Rejected(@Nullable String providerId, Reason reason) implements TransferAnswer {}

  /**
   * The provider knows none now. A request that is still under way may yet make it.
   *
   * @param behind by how much what it was asked can be behind what it has made
   */
  record Absent(Duration behind) implements TransferAnswer {}

  /** This request has changed nothing and never will: it did not get through. */
  record Untouched(String why) implements TransferAnswer {}

  /** The request may or may not have taken effect. */
  record Unknown(String why) implements TransferAnswer {}

  /** As it is written in metrics. */
  default String label() {
    return switch (this) {
      case Known(var found) ->
          switch (found.status()) {
            case SUCCEEDED -> "succeeded";
            case FAILED, VOIDED -> "failed";
            case HELD, PENDING -> "pending";
          };
      case Rejected _ -> "rejected";
      case Absent _ -> "absent";
      case Untouched _ -> "untouched";
      case Unknown _ -> "unknown";
    };
  }
}
