package io.holdfast.participant.testing;

import io.holdfast.contracts.ParticipantContract;
import io.holdfast.contracts.Phase;
import io.holdfast.contracts.Reason;
import io.holdfast.contracts.SagaId;
import io.holdfast.contracts.saga.SagaContract;
import io.holdfast.messaging.BatchConsumers;
import io.holdfast.messaging.Envelope;
import io.holdfast.messaging.EnvelopeCodec;
import io.holdfast.messaging.Json;
import io.holdfast.messaging.TraceParent;
import io.holdfast.messaging.UuidV7;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Plays the orchestrator to one participant: makes commands, brings them as the batch that a test
 * wants through the service's real consumer and transaction, and reads the answers.
 *
 * @param <T> body of the try command
 */
public final class CommandDriver<T> {

  private static final Duration LONGEST_WAIT = Duration.ofSeconds(20);
  private static final byte[] NO_BODY = new byte[0];

  private final ParticipantContract<T> contract;
  private final BatchConsumers consumers;
  private final OutboxReader outbox;
  private final Instant start = Instant.now();

  /** No two drivers of a run bring the same offset: a parked message is known by it. */
  private final AtomicLong offset = new AtomicLong(System.nanoTime());

  public CommandDriver(ParticipantContract<T> contract, BatchConsumers consumers, JdbcClient jdbc) {
    this.contract = contract;
    this.consumers = consumers;
    this.outbox = new OutboxReader(jdbc);
  }

  /**
   * An answer.
   *
   * @param type one of the reply types of {@link SagaContract}
   * @param body JSON, or nothing
   */
  public record Answer(String type, String body) {

    public boolean isDone() {
      return type.equals(SagaContract.DONE_TYPE);
    }

    public boolean isRefused() {
      return type.equals(SagaContract.REFUSED_TYPE);
    }

    public boolean isConflict() {
      return type.equals(SagaContract.CONFLICT_TYPE);
    }

    /** Why it was refused, or what the conflict is. */
    public Reason reason() {
      return Json.read(body, Reason.class);
    }
  }

  public static SagaId newSaga() {
    return new SagaId(UuidV7.next());
  }

  public Envelope tryIt(SagaId saga, T request) {
    return command(saga, Phase.TRY, Json.bytes(request));
  }

  public Envelope confirm(SagaId saga) {
    return command(saga, Phase.CONFIRM, NO_BODY);
  }

  public Envelope cancel(SagaId saga) {
    return command(saga, Phase.CANCEL, NO_BODY);
  }

  private Envelope command(SagaId saga, Phase phase, byte[] body) {
    return Envelope.first(
            "saga-orchestrator", contract.commandType(phase), saga, TraceParent.random(), body)
        .about(contract.name(), phase, 1);
  }

  /** Brings these messages as one poll. */
  public void deliver(Envelope... batch) {
    deliver(List.of(batch));
  }

  /** Brings these messages as one poll. */
  public void deliver(List<Envelope> batch) {
    consumers
        .listener(contract.commandsConsumer())
        .onMessage(
            batch.stream()
                .map(message -> EnvelopeCodec.encode(contract.commandsTopic(), message))
                .map(message -> OutboxReader.record(message, offset.getAndIncrement()))
                .toList());
  }

  /** Brings the command alone and waits for its answer. */
  public Answer ask(Envelope command) {
    deliver(command);
    return answerTo(command);
  }

  /** Waits for the answer to {@code command}, which has been delivered. */
  public Answer answerTo(Envelope command) {
    return answersTo(List.of(command)).getFirst();
  }

  /** Waits for the answers to {@code commands}, which have been delivered; in their order. */
  public List<Answer> answersTo(List<Envelope> commands) {
    var ids = commands.stream().map(Envelope::id).toList();
    var earliest = commands.stream().map(Envelope::time).min(Instant::compareTo).orElse(start);
    return Awaitility.await("answers to " + commands.size() + " commands")
        .atMost(LONGEST_WAIT)
        .pollInterval(Duration.ofMillis(20))
        .pollDelay(Duration.ZERO)
        .until(
            () -> {
              var byCommand = byCommand(earliest);
              return ids.stream().map(byCommand::get).toList();
            },
            answers -> answers.stream().allMatch(answer -> answer != null));
  }

  /** How many answers to {@code command} have been said so far. */
  public long countAnswersTo(Envelope command) {
    return outbox.since(command.time()).stream()
        .filter(message -> command.id().equals(message.causationId()))
        .count();
  }

  /** What was said about {@code saga} that is no answer. */
  public Stream<Envelope> questionsAbout(SagaId saga) {
    return outbox.since(start).stream()
        .filter(message -> message.type().equals(SagaContract.ASK_OUTCOME_TYPE))
        .filter(message -> message.sagaId().equals(saga));
  }

  private Map<UUID, Answer> byCommand(Instant since) {
    var answers = new HashMap<UUID, Answer>();
    for (var message : outbox.since(since)) {
      var cause = message.causationId();
      if (cause != null) {
        answers.put(
            cause,
            new Answer(
                message.type(),
                new String(message.body(), java.nio.charset.StandardCharsets.UTF_8)));
      }
    }
    return answers;
  }
}
