package io.holdfast.contracts.saga;

import io.holdfast.contracts.Reason;
import org.jspecify.annotations.Nullable;

/**
 * How a saga ended.
 *
 * @param definition name of its definition
 * @param outcome confirmed or cancelled; all participants have acknowledged it
 * @param reason why it was cancelled; null when confirmed
 * @param result what the definition tells about a confirmed saga, as JSON; null when there is
 *     nothing that its input does not say already
 */
public record SagaEnded(
    String definition, Outcome outcome, @Nullable Reason reason, @Nullable String result) {

  /** Without a result. */
  public SagaEnded(String definition, Outcome outcome, @Nullable Reason reason) {
    this(definition, outcome, reason, null);
  }

  /** The two ways a saga ends. */
  public enum Outcome {
    CONFIRMED,
    CANCELLED
  }
}
