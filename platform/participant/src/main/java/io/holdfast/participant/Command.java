package io.holdfast.participant;

import io.holdfast.contracts.ParticipantContract;
import io.holdfast.contracts.Phase;
import io.holdfast.contracts.SagaId;
import io.holdfast.messaging.Envelope;
import io.holdfast.messaging.InvalidMessage;
import io.holdfast.messaging.Json;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import org.jspecify.annotations.Nullable;

/**
 * A command to a participant.
 *
 * @param request body of a try; null for confirm and cancel
 * @param requestHash of that body; null for confirm and cancel
 */
record Command<T>(
    SagaId sagaId,
    Phase phase,
    @Nullable T request,
    byte @Nullable [] requestHash,
    Fence.Answering answering) {

  /**
   * @throws InvalidMessage if the message is no command of {@code contract}
   */
  static <T> Command<T> of(ParticipantContract<T> contract, Envelope message) {
    var phase = message.phase();
    if (phase == null || !contract.name().equals(message.step())) {
      throw new InvalidMessage(
          "a command of %s names step %s and phase %s"
              .formatted(contract.name(), message.step(), phase));
    }
    if (!contract.commandType(phase).equals(message.type())) {
      throw new InvalidMessage(
          "%s takes %s as the command of %s, not %s"
              .formatted(contract.name(), contract.commandType(phase), phase, message.type()));
    }
    var answering = new Fence.Answering(message.id(), message.attempt(), message.trace());
    return switch (phase) {
      case TRY ->
          new Command<>(
              message.sagaId(),
              phase,
              Json.read(message.body(), contract.tryBody()),
              sha256(message.body()),
              answering);
      case CONFIRM, CANCEL -> new Command<>(message.sagaId(), phase, null, null, answering);
    };
  }

  private static byte[] sha256(byte[] body) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(body);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
