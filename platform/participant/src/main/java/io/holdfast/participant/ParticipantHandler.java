package io.holdfast.participant;

import io.holdfast.contracts.Phase;
import io.holdfast.contracts.SagaId;
import io.holdfast.messaging.Envelope;
import io.holdfast.messaging.Outbox.Outgoing;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Prefetch, decide, write for the commands of one participant. */
final class ParticipantHandler<T, H> {

  private final Participant<T, H> participant;
  private final Duration holdFor;
  private final FenceStore fences;
  private final Replies replies;

  ParticipantHandler(
      Participant<T, H> participant, Duration holdFor, FenceStore fences, Replies replies) {
    this.participant = participant;
    this.holdFor = holdFor;
    this.fences = fences;
    this.replies = replies;
  }

  String step() {
    return participant.contract().name();
  }

  /**
   * Handles commands of this participant, in the caller's transaction.
   *
   * @param tryIsMissing whether a try that is not known is not late but missing for good
   * @return the answers, to be said in that transaction
   */
  List<Outgoing> handle(List<Envelope> batch, boolean tryIsMissing) {
    var contract = participant.contract();
    var commands = batch.stream().map(message -> Command.of(contract, message)).toList();
    var stored =
        fences.load(
            contract.name(),
            participant.holdType(),
            commands.stream().map(Command::sagaId).toList());
    var reservations =
        participant.open(firstTries(commands, stored), holdsOfCommands(commands, stored));
    var fold = new FenceFold<>(stored, reservations, tryIsMissing);
    var answers = new ArrayList<Outgoing>(commands.size());
    for (var command : commands) {
      var reply = fold.apply(command);
      if (reply != null) {
        answers.add(
            replies.to(command.answering(), contract, command.sagaId(), command.phase(), reply));
      }
    }
    fences.insert(contract.name(), holdFor, fold.added());
    fences.update(contract.name(), holdFor, fold.changed(), stored);
    reservations.save();
    return answers;
  }

  private List<T> firstTries(List<Command<T>> commands, Map<SagaId, Fence<H>> stored) {
    var tries = new ArrayList<T>();
    for (var command : commands) {
      var request = command.request();
      if (request != null && !stored.containsKey(command.sagaId())) {
        tries.add(request);
      }
    }
    return tries;
  }

  private List<H> holdsOfCommands(List<Command<T>> commands, Map<SagaId, Fence<H>> stored) {
    var holds = new ArrayList<H>();
    for (var command : commands) {
      var fence = stored.get(command.sagaId());
      if (fence != null && command.phase() != Phase.TRY && isOpen(fence)) {
        var hold = fence.hold();
        if (hold != null) {
          holds.add(hold);
        }
      }
    }
    return holds;
  }

  /** Whether a confirm or cancel can still reach the domain. */
  private static boolean isOpen(Fence<?> fence) {
    return switch (fence.state()) {
      case TRYING, TRIED, DECLINED -> true;
      case REFUSED, CONFIRMING, CONFIRMED, CANCELLING, CANCELLED, EMPTY -> false;
    };
  }
}
