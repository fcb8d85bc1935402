package io.holdfast.contracts.saga;

import io.holdfast.contracts.Reason;
import org.jspecify.annotations.Nullable;

/**
 * How a saga ended.
 *
 * @param definition name of its definition
 * @param outcome confirmed or cancelled; all participants have acknowledged it
 * @param reason why it was cancelled; null when confirmed
 */
public record SagaEnded(String definition, Outcome outcome, @Nullable Reason reason) {

  /** The two ways a saga ends. */
  public enum Outcome {
    CONFIRMED,
    CANCELLED
  }
}
