package io.holdfast.contracts;

import java.time.Duration;

/**
 * What an orchestrator and a participant agree on: one step's commands, where they go, and how long
 * a reservation is kept. Written once, used by the saga definition and by the participant.
 *
 * @param <T> body of the try command; confirm and cancel carry no body, the saga id says all
 * @param name the participant's name, unique in a definition
 * @param commandsTopic topic that the participant reads and only the orchestrator writes; shared by
 *     all participants of a service, a command names its step
 * @param repliesTopic topic that the orchestrator reads and only the participant writes
 * @param tryType CloudEvents type of the try command
 * @param confirmType CloudEvents type of the confirm command
 * @param cancelType CloudEvents type of the cancel command
 * @param tryBody class of the try command's body
 * @param holdFor how long at least a reservation is kept before its holder asks for the outcome
 */
public record ParticipantContract<T>(
    String name,
    String commandsTopic,
    String repliesTopic,
    String tryType,
    String confirmType,
    String cancelType,
    Class<T> tryBody,
    Duration holdFor) {

  private static final String COMMANDS_SUFFIX = ".commands";

  /**
   * Name of the one consumer of {@code commandsTopic}: its group in Kafka and its claims in the
   * inbox.
   */
  public String commandsConsumer() {
    return commandsTopic.endsWith(COMMANDS_SUFFIX)
        ? commandsTopic.substring(0, commandsTopic.length() - COMMANDS_SUFFIX.length())
        : commandsTopic;
  }

  /** The CloudEvents type of the command for {@code phase}. */
  public String commandType(Phase phase) {
    return switch (phase) {
      case TRY -> tryType;
      case CONFIRM -> confirmType;
      case CANCEL -> cancelType;
    };
  }
}
