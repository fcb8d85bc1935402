package io.holdfast.participant;

import io.holdfast.contracts.ParticipantContract;
import io.holdfast.contracts.Phase;
import io.holdfast.contracts.Reason;
import io.holdfast.contracts.Reply;
import io.holdfast.contracts.SagaId;
import io.holdfast.messaging.Json;
import io.holdfast.messaging.Outbox;
import io.holdfast.messaging.Outbox.Outgoing;
import io.holdfast.saga.FenceState;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/**
 * Says what the outside world answered to commands that were {@code Pending}: moves the fences and
 * answers the newest commands that wait, in the caller's transaction. However many sagas there are,
 * it is one statement to lock, one to move, one to say.
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

  /** What came of a command. */
  public sealed interface Outcome {

    /**
     * The try succeeded.
     *
     * @param data what later steps may need to know, sent as JSON with the answer; null for nothing
     */
    record Tried(@Nullable Object data) implements Outcome {}

    /**
     * The try is done for good, as {@link TryOutcome.Settled} says it at once.
     *
     * @param data as for {@link Tried}
     */
    record Settled(@Nullable Object data) implements Outcome {}

    /** The try was refused, for ever. */
    record Refused(Reason reason) implements Outcome {}

    /** The confirm is done. */
    record Confirmed() implements Outcome {}

    /** The confirm was declined, for ever; a cancel will follow. */
    record Declined(Reason reason) implements Outcome {}

    /** Nothing is held any more. */
    record Cancelled() implements Outcome {}
  }

  /**
   * Locks the fences of these sagas, so that what is wanted of them stays as it is. Call it first
   * in a transaction, before any of the domain's rows are locked: commands lock in that order too.
   */
  @Transactional(propagation = Propagation.MANDATORY)
  public void lock(ParticipantContract<?> step, Collection<SagaId> sagas) {
    if (!sagas.isEmpty()) {
      fences.lock(step.name(), sagas);
    }
  }

  /**
   * Says what came of the commands of sagas whose fences this transaction has locked.
   *
   * @return the sagas that waited for it. For the others nothing was done: a cancel came in
   *     between, or the same was said before. The caller then undoes, if there is anything to undo.
   */
  @Transactional(propagation = Propagation.MANDATORY)
  public Set<SagaId> settle(ParticipantContract<?> step, Map<SagaId, Outcome> outcomes) {
    if (outcomes.isEmpty()) {
      return Set.of();
    }
    var answers =
        outcomes.entrySet().stream().map(said -> answer(said.getKey(), said.getValue())).toList();
    var waiting =
        fences.settle(
            step.name(), properties.holdFor(step), answers.stream().map(Answer::move).toList());
    var messages = new ArrayList<Outgoing>(waiting.size());
    for (var answer : answers) {
      var saga = answer.move().sagaId();
      var command = waiting.get(saga);
      if (command != null) {
        messages.add(replies.to(command, step, saga, answer.phase(), answer.reply()));
      }
    }
    outbox.append(messages);
    return Set.copyOf(waiting.keySet());
  }

  private record Answer(Phase phase, Reply reply, FenceStore.Move move) {}

  private static Answer answer(SagaId saga, Outcome outcome) {
    return switch (outcome) {
      case Outcome.Tried(var data) -> done(saga, FenceState.TRIED, data);
      case Outcome.Settled(var data) -> done(saga, FenceState.CONFIRMED, data);
      case Outcome.Refused(var reason) -> refused(saga, Phase.TRY, FenceState.REFUSED, reason);
      case Outcome.Confirmed _ -> done(saga, Phase.CONFIRM, FenceState.CONFIRMED);
      case Outcome.Declined(var reason) ->
          refused(saga, Phase.CONFIRM, FenceState.DECLINED, reason);
      case Outcome.Cancelled _ -> done(saga, Phase.CANCEL, FenceState.CANCELLED);
    };
  }

  private static Answer done(SagaId saga, FenceState to, @Nullable Object data) {
    var json = data == null ? null : Json.text(data);
    return new Answer(
        Phase.TRY,
        new Reply.Done(json),
        new FenceStore.Move(saga, FenceState.TRYING, to, json, null));
  }

  private static Answer done(SagaId saga, Phase phase, FenceState to) {
    return new Answer(
        phase,
        Reply.Done.WITHOUT_DATA,
        new FenceStore.Move(saga, waitingFor(phase), to, null, null));
  }

  private static Answer refused(SagaId saga, Phase phase, FenceState to, Reason reason) {
    return new Answer(
        phase,
        new Reply.Refused(reason),
        new FenceStore.Move(saga, waitingFor(phase), to, null, reason));
  }

  private static FenceState waitingFor(Phase phase) {
    return switch (phase) {
      case TRY -> FenceState.TRYING;
      case CONFIRM -> FenceState.CONFIRMING;
      case CANCEL -> FenceState.CANCELLING;
    };
  }
}
