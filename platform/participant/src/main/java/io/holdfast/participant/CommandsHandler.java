package io.holdfast.participant;

import io.holdfast.messaging.BatchHandler;
import io.holdfast.messaging.Envelope;
import io.holdfast.messaging.InvalidMessage;
import io.holdfast.messaging.Outbox;
import io.holdfast.messaging.Outbox.Outgoing;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Handles the commands of one topic: each goes to the participant that its step names, all of a
 * batch in one transaction, and what they answer leaves in one append.
 *
 * <p>Participants are served in the order of their names. Two batches that reach the same rows of
 * the domain through different participants may still lock them in opposite order; then the
 * database ends one of the two and its batch is done again.
 */
final class CommandsHandler implements BatchHandler {

  private final Map<String, ParticipantHandler<?, ?>> participants = new TreeMap<>();
  private final Outbox outbox;

  /**
   * @throws IllegalStateException if two participants have the same name
   */
  CommandsHandler(List<ParticipantHandler<?, ?>> participants, Outbox outbox) {
    for (var participant : participants) {
      if (this.participants.put(participant.step(), participant) != null) {
        throw new IllegalStateException(
            "two participants are called %s: their contracts need different names"
                .formatted(participant.step()));
      }
    }
    this.outbox = outbox;
  }

  @Override
  public void handle(List<Envelope> batch) {
    handle(batch, false);
  }

  @Override
  public void handleOrphan(Envelope message) {
    handle(List.of(message), true);
  }

  private void handle(List<Envelope> batch, boolean tryIsMissing) {
    var answers = new ArrayList<Outgoing>(batch.size());
    for (var commands : byStep(batch).entrySet()) {
      var participant = participants.get(commands.getKey());
      if (participant == null) {
        throw new InvalidMessage(
            "no participant is called %s here, only %s"
                .formatted(commands.getKey(), participants.keySet()));
      }
      answers.addAll(participant.handle(commands.getValue(), tryIsMissing));
    }
    outbox.append(answers);
  }

  private static Map<String, List<Envelope>> byStep(List<Envelope> batch) {
    var byStep = new TreeMap<String, List<Envelope>>();
    for (var message : batch) {
      byStep.computeIfAbsent(String.valueOf(message.step()), _ -> new ArrayList<>()).add(message);
    }
    return byStep;
  }
}
