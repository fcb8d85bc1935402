package io.holdfast.orchestrator.admin;

import com.fasterxml.jackson.annotation.JsonRawValue;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.holdfast.contracts.Reason;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One saga.
 *
 * @param summary what a list shows
 * @param input JSON that it was started with
 * @param answers JSON of what participants told, by step
 * @param timeline everything that happened, in order
 */
record SagaView(
    @JsonUnwrapped Summary summary,
    @JsonRawValue String input,
    @JsonRawValue String answers,
    List<Entry> timeline) {

  /** State of a saga, as stored. */
  enum State {
    TRYING,
    AWAITING,
    PIVOTING,
    CONFIRMING,
    COMPLETING,
    CANCELLING,
    CONFIRMED,
    CANCELLED;

    boolean isTerminal() {
      return this == CONFIRMED || this == CANCELLED;
    }
  }

  /**
   * @param attention why an operator has to look, or null
   * @param waitingFor the steps whose answer is open, or the signal that is awaited
   * @param attempt how often they have been asked
   * @param deadlineAt until when it waits for what it tries or awaits
   * @param nextActionAt when the saga is looked at again, whatever happens; null once it has ended
   */
  record Summary(
      UUID id,
      String definition,
      int version,
      State state,
      @Nullable Reason reason,
      @Nullable String attention,
      List<String> waitingFor,
      int attempt,
      Instant startedAt,
      Instant deadlineAt,
      @Nullable Instant endedAt,
      @Nullable Instant nextActionAt) {}

  /** One thing that happened, and the state that it led to. */
  record Entry(Instant at, String event, State state) {}
}
