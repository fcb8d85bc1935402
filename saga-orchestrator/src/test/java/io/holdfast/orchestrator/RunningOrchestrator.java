package io.holdfast.orchestrator;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.holdfast.contracts.ParticipantContract;
import io.holdfast.contracts.Phase;
import io.holdfast.contracts.Reason;
import io.holdfast.contracts.SagaId;
import io.holdfast.contracts.saga.CancelSaga;
import io.holdfast.contracts.saga.SagaContract;
import io.holdfast.contracts.saga.SagaEnded;
import io.holdfast.contracts.saga.StartSaga;
import io.holdfast.messaging.BatchConsumers;
import io.holdfast.messaging.Envelope;
import io.holdfast.messaging.EnvelopeCodec;
import io.holdfast.messaging.Json;
import io.holdfast.messaging.OutboxMessage;
import io.holdfast.messaging.TraceParent;
import io.holdfast.messaging.UuidV7;
import io.holdfast.participant.testing.OutboxReader;
import io.holdfast.testing.HoldfastTest;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * The orchestrator as it is, on its own database, with a test playing starters and participants:
 * messages come as the batch that a test wants through the real consumer and transaction. Commands
 * are sent again so rarely that no test sees it.
 */
@HoldfastTest({
  "spring.config.name=saga-orchestrator",
  "holdfast.engine.resend-after=10m",
  "holdfast.engine.resend-at-most=10m"
})
@Import(TripSagas.class)
public abstract class RunningOrchestrator {

  /** No broker has it, so that parked messages of a test never have the place of a real one. */
  private static final int PARTITION = 99;

  private static final AtomicLong OFFSET = new AtomicLong();
  private static final byte[] NO_BODY = new byte[0];

  @Autowired protected JdbcClient jdbc;
  @Autowired protected BatchConsumers consumers;
  @Autowired protected MeterRegistry metrics;

  private final Instant start = Instant.now().minusMillis(1);

  protected static SagaId newSaga() {
    return new SagaId(UuidV7.next());
  }

  protected static List<SagaId> newSagas(int count) {
    return IntStream.range(0, count).mapToObj(_ -> newSaga()).toList();
  }

  protected static Envelope message(SagaId saga, String type, byte[] body) {
    return Envelope.first("/test", type, saga, TraceParent.random(), body);
  }

  protected static Envelope start(SagaId saga, String definition) {
    return start(saga, definition, "{\"to\":\"Oslo\"}");
  }

  protected static Envelope start(SagaId saga, String definition, String input) {
    return message(saga, SagaContract.START_TYPE, Json.bytes(new StartSaga(definition, input)));
  }

  protected static Envelope cancel(SagaId saga) {
    var reason = new Reason("CANCELLED_BY_CUSTOMER", "cancelled by the customer");
    return message(saga, SagaContract.CANCEL_TYPE, Json.bytes(new CancelSaga(reason)));
  }

  protected static Envelope done(SagaId saga, ParticipantContract<?> who, Phase phase) {
    return done(saga, who, phase, 1, null);
  }

  protected static Envelope done(
      SagaId saga, ParticipantContract<?> who, Phase phase, int attempt, @Nullable Object data) {
    return message(saga, SagaContract.DONE_TYPE, data == null ? NO_BODY : Json.bytes(data))
        .about(who.name(), phase, attempt)
        .readFrom(who.repliesTopic());
  }

  protected static Envelope refused(
      SagaId saga, ParticipantContract<?> who, Phase phase, Reason reason) {
    return message(saga, SagaContract.REFUSED_TYPE, Json.bytes(reason))
        .about(who.name(), phase, 1)
        .readFrom(who.repliesTopic());
  }

  /** The word that {@code step} awaits. */
  protected static Envelope yes(SagaId saga, String step) {
    return message(saga, SagaContract.DONE_TYPE, NO_BODY).about(step, Phase.TRY, 1);
  }

  /** The word that {@code step} awaits, which is no. */
  protected static Envelope no(SagaId saga, String step, Reason reason) {
    return message(saga, SagaContract.REFUSED_TYPE, Json.bytes(reason)).about(step, Phase.TRY, 1);
  }

  protected static Envelope conflict(
      SagaId saga, ParticipantContract<?> who, Phase phase, int attempt) {
    return message(
            saga,
            SagaContract.CONFLICT_TYPE,
            Json.bytes(new Reason("CONFLICT", who.name() + " never tried")))
        .about(who.name(), phase, attempt)
        .readFrom(who.repliesTopic());
  }

  protected static Envelope asks(SagaId saga, ParticipantContract<?> who) {
    return message(saga, SagaContract.ASK_OUTCOME_TYPE, NO_BODY).about(who.name(), Phase.TRY, 0);
  }

  /** Brings these messages as one poll. */
  protected void deliver(Envelope... batch) {
    deliver(List.of(batch));
  }

  /** Brings these messages as one poll. */
  protected void deliver(List<Envelope> batch) {
    consumers
        .listener("saga")
        .onMessage(
            batch.stream()
                .map(message -> EnvelopeCodec.encode(topicOf(message), message))
                .map(RunningOrchestrator::record)
                .toList());
  }

  private static String topicOf(Envelope message) {
    return Objects.requireNonNullElse(message.topic(), SagaContract.REQUESTS_TOPIC);
  }

  private static ConsumerRecord<String, byte[]> record(OutboxMessage message) {
    var record =
        new ConsumerRecord<>(
            message.topic(), PARTITION, OFFSET.getAndIncrement(), message.key(), message.body());
    message.headers().forEach(h -> record.headers().add(h.name(), h.value().getBytes(UTF_8)));
    return record;
  }

  /** Everything that was said since the test began, by saga. */
  protected Map<SagaId, List<Envelope>> saidToAll() {
    return new OutboxReader(jdbc)
        .since(start).stream()
            .sorted(Comparator.comparing(Envelope::time))
            .collect(Collectors.groupingBy(Envelope::sagaId));
  }

  protected List<Envelope> said(SagaId saga) {
    return saidToAll().getOrDefault(saga, List.of());
  }

  /** What was said about {@code saga}: {@code seats TRY #1}, {@code ended CONFIRMED}. */
  protected List<String> brief(SagaId saga) {
    return brief(said(saga));
  }

  protected static List<String> brief(List<Envelope> messages) {
    return messages.stream().map(RunningOrchestrator::brief).toList();
  }

  private static String brief(Envelope message) {
    if (message.type().equals(SagaContract.ENDED_TYPE)) {
      var ended = Json.read(message.body(), SagaEnded.class);
      var reason = ended.reason();
      return "%s ended %s%s"
          .formatted(
              ended.definition(), ended.outcome(), reason == null ? "" : " " + reason.code());
    }
    return "%s %s #%d".formatted(message.step(), message.phase(), message.attempt());
  }

  /** What a row says, as far as tests ask. */
  public record Row(
      String state,
      @Nullable String reasonCode,
      int attempt,
      long version,
      @Nullable String attention,
      String answers,
      boolean hasNextAction) {}

  private static final String ROW =
      """
      select state, reason_code, attempt, version, attention, answers,
        next_action_at is not null as has_next_action
      from saga
      where id = ?
      """;

  protected Row row(SagaId saga) {
    return jdbc.sql(ROW)
        .param(saga.value())
        .query(
            (row, _) ->
                new Row(
                    row.getString("state"),
                    row.getString("reason_code"),
                    row.getInt("attempt"),
                    row.getLong("version"),
                    row.getString("attention"),
                    row.getString("answers"),
                    row.getBoolean("has_next_action")))
        .single();
  }

  protected long count(SagaId saga) {
    return jdbc.sql("select count(*) from saga where id = ?")
        .param(saga.value())
        .query(Long.class)
        .single();
  }

  private static final String HISTORY =
      """
      select version, event || ' -> ' || state as line
      from saga_history
      where saga_id = ?
      order by version
      """;

  /** Its history as {@code event -> state}. */
  protected List<String> history(SagaId saga) {
    var lines = new ArrayList<String>();
    jdbc.sql(HISTORY)
        .param(saga.value())
        .query(
            row -> {
              lines.add(row.getString("line"));
              if (row.getLong("version") != lines.size()) {
                throw new AssertionError("the history of " + saga + " has a gap after " + lines);
              }
            });
    return lines;
  }

  private static final String PARKED =
      """
      select reason from parked_message
      where message_key = ? and consumer = 'saga'
      order by log_offset
      """;

  /** Why messages of {@code saga} were parked. */
  protected List<String> parked(SagaId saga) {
    return jdbc.sql(PARKED)
        .param(saga.toString())
        .query((row, _) -> row.getString("reason"))
        .list();
  }

  private static final String OVERDUE =
      """
      update saga set deadline_at = now() - interval '1 s', next_action_at = now() - interval '1 s'
      where id = ?
      """;

  /** As if the saga's deadline had passed a second ago. */
  protected void letDeadlinePass(SagaId saga) {
    jdbc.sql(OVERDUE).param(saga.value()).update();
  }

  protected double counter(String name, String tag, String value) {
    var counter = metrics.find(name).tag(tag, value).counter();
    return counter == null ? 0 : counter.count();
  }
}
