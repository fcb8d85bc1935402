package io.holdfast.participant;

import io.holdfast.contracts.Reason;
import org.jspecify.annotations.Nullable;

/**
 * What became of a try.
 *
 * @param <H> what is remembered about a reservation
 */
public sealed interface TryOutcome<H> {

  /**
   * It is set aside.
   *
   * @param data what later steps may need to know, sent as JSON with the answer; null for nothing
   */
  record Held<H>(H hold, @Nullable Object data) implements TryOutcome<H> {}

  /** It is refused, and stays so: the answer to every repetition is the same. */
  record Refused<H>(Reason reason) implements TryOutcome<H> {}

  /**
   * It is done for good: neither confirm nor cancel will follow. Only a retriable step may answer
   * so.
   *
   * @param data as for {@link Held}
   */
  record Settled<H>(@Nullable Object data) implements TryOutcome<H> {}

  /** An outside world decides; {@link Settlement} will say what. */
  record Pending<H>(H hold) implements TryOutcome<H> {}
}
