package io.holdfast.messaging;

import io.holdfast.contracts.Phase;
import io.holdfast.contracts.SagaId;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A message: a CloudEvent 1.0 about one saga.
 *
 * @param id of this message, a UUID of version 7; consumers deduplicate by it
 * @param type one of a closed set, see the contracts
 * @param source who wrote it
 * @param sagaId the saga it belongs to; also the Kafka key
 * @param step the saga's step, where it concerns one
 * @param phase which of the step's commands, where it concerns one
 * @param attempt how often the command has been sent, from 1; a reply repeats its command's; 0
 *     otherwise
 * @param causationId the message that led to this one
 * @param trace the trace it belongs to
 * @param body JSON, or nothing
 * @param topic that it was read from, by which a reader knows who may have written it; null if it
 *     was not read
 */
public record Envelope(
    UUID id,
    String type,
    String source,
    SagaId sagaId,
    @Nullable String step,
    @Nullable Phase phase,
    int attempt,
    @Nullable UUID causationId,
    TraceParent trace,
    byte[] body,
    @Nullable String topic) {

  /** A message that was not read. */
  public Envelope(
      UUID id,
      String type,
      String source,
      SagaId sagaId,
      @Nullable String step,
      @Nullable Phase phase,
      int attempt,
      @Nullable UUID causationId,
      TraceParent trace,
      byte[] body) {
    this(id, type, source, sagaId, step, phase, attempt, causationId, trace, body, null);
  }

  /** A message that nothing but a caller caused. */
  public static Envelope first(
      String source, String type, SagaId sagaId, TraceParent trace, byte[] body) {
    return new Envelope(UuidV7.next(), type, source, sagaId, null, null, 0, null, trace, body);
  }

  /** A message about the same saga that this one caused. */
  public Envelope causes(String source, String type, byte[] body) {
    return new Envelope(
        UuidV7.next(), type, source, sagaId, null, null, 0, id, trace.child(), body);
  }

  /** When it was written, to a millisecond; its id says so. */
  public Instant time() {
    return UuidV7.time(id);
  }

  /** The same message about one command of a step. */
  public Envelope about(String step, Phase phase, int attempt) {
    return new Envelope(
        id, type, source, sagaId, step, phase, attempt, causationId, trace, body, topic);
  }

  /** The same message as it is read from {@code topic}. */
  public Envelope readFrom(String topic) {
    return new Envelope(
        id, type, source, sagaId, step, phase, attempt, causationId, trace, body, topic);
  }
}
