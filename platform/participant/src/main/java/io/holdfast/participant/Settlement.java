package io.holdfast.participant;

import io.holdfast.contracts.ParticipantContract;
import io.holdfast.contracts.Phase;
import io.holdfast.contracts.Reason;
import io.holdfast.contracts.Reply;
import io.holdfast.contracts.SagaId;
import io.holdfast.messaging.Json;
import io.holdfast.messaging.Outbox;
import io.holdfast.saga.FenceState;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/**
 * Says what the outside world answered to a command that was {@code Pending}: moves the fence and
 * answers the newest command that waits, in the caller's transaction.
 *
 * <p>Every method returns false, and does nothing, if the fence does not wait for that any more: a
 * cancel came in between, or the same was said before. The caller then undoes, if there is anything
 * to undo. Call it first in a transaction, before any of the domain's rows are locked: commands
 * lock in that order too.
 */
public class Settlement {

  private final FenceStore fences;
  private final ParticipantProperties properties;
  private final Outbox outbox;
  private final Replies replies;

  Settlement(FenceStore fences, ParticipantProperties properties, Outbox outbox, Replies replies) {
    this.fences = fences;
    this.properties = properties;
    this.outbox = outbox;
    this.replies = replies;
  }

  /**
   * The try succeeded.
   *
   * @param data what later steps may need to know, sent as JSON with the answer; null for nothing
   */
  @Transactional(propagation = Propagation.MANDATORY)
  public boolean tried(ParticipantContract<?> step, SagaId saga, @Nullable Object data) {
    var json = data == null ? null : Json.text(data);
    return settle(step, saga, Phase.TRY, FenceState.TRIED, new Reply.Done(json), json, null);
  }

  /**
   * The try is done for good, as {@link TryOutcome.Settled} says it at once.
   *
   * @param data as for {@link #tried}
   */
  @Transactional(propagation = Propagation.MANDATORY)
  public boolean settled(ParticipantContract<?> step, SagaId saga, @Nullable Object data) {
    var json = data == null ? null : Json.text(data);
    return settle(step, saga, Phase.TRY, FenceState.CONFIRMED, new Reply.Done(json), json, null);
  }

  /** The try was refused, for ever. */
  @Transactional(propagation = Propagation.MANDATORY)
  public boolean refused(ParticipantContract<?> step, SagaId saga, Reason reason) {
    return settle(
        step, saga, Phase.TRY, FenceState.REFUSED, new Reply.Refused(reason), null, reason);
  }

  /** The confirm is done. */
  @Transactional(propagation = Propagation.MANDATORY)
  public boolean confirmed(ParticipantContract<?> step, SagaId saga) {
    return settle(
        step, saga, Phase.CONFIRM, FenceState.CONFIRMED, Reply.Done.WITHOUT_DATA, null, null);
  }

  /** The confirm was declined, for ever; a cancel will follow. */
  @Transactional(propagation = Propagation.MANDATORY)
  public boolean declined(ParticipantContract<?> step, SagaId saga, Reason reason) {
    return settle(
        step, saga, Phase.CONFIRM, FenceState.DECLINED, new Reply.Refused(reason), null, reason);
  }

  /** Nothing is held any more. */
  @Transactional(propagation = Propagation.MANDATORY)
  public boolean cancelled(ParticipantContract<?> step, SagaId saga) {
    return settle(
        step, saga, Phase.CANCEL, FenceState.CANCELLED, Reply.Done.WITHOUT_DATA, null, null);
  }

  private boolean settle(
      ParticipantContract<?> step,
      SagaId saga,
      Phase phase,
      FenceState to,
      Reply reply,
      @Nullable String data,
      @Nullable Reason reason) {
    var command =
        fences.settle(
            step.name(), properties.holdFor(step), saga, waitingFor(phase), to, data, reason);
    command.ifPresent(
        answering -> outbox.append(List.of(replies.to(answering, step, saga, phase, reply))));
    return command.isPresent();
  }

  private static FenceState waitingFor(Phase phase) {
    return switch (phase) {
      case TRY -> FenceState.TRYING;
      case CONFIRM -> FenceState.CONFIRMING;
      case CANCEL -> FenceState.CANCELLING;
    };
  }
}
