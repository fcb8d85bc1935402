package io.holdfast.participant;

import io.holdfast.contracts.Reason;
import io.holdfast.contracts.SagaId;
import io.holdfast.messaging.TraceParent;
import io.holdfast.saga.FenceState;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What was done with one step of one saga.
 *
 * @param hold what the domain remembers; null where nothing was ever held: refused, settled at
 *     once, or cancelled before its try
 * @param data of the answer to the try, as JSON
 * @param reason why the try was refused or the confirm declined
 * @param declined whether a confirm was declined; stays true after the cancel that follows
 * @param requestHash of the try's body; null where no try came
 * @param answering the newest command that moved it or waits for an answer
 */
record Fence<H>(
    SagaId sagaId,
    FenceState state,
    @Nullable H hold,
    @Nullable String data,
    @Nullable Reason reason,
    boolean declined,
    byte @Nullable [] requestHash,
    Answering answering) {

  /** Which command a reply answers. */
  record Answering(UUID commandId, int attempt, TraceParent trace) {}

  Fence<H> moved(FenceState next, Answering command) {
    return new Fence<>(sagaId, next, hold, data, reason, declined, requestHash, command);
  }

  Fence<H> declined(Reason why, Answering command) {
    return new Fence<>(sagaId, FenceState.DECLINED, hold, data, why, true, requestHash, command);
  }
}
