package io.holdfast.participant;

import io.holdfast.contracts.ParticipantContract;
import io.holdfast.contracts.Phase;
import io.holdfast.contracts.Reply;
import io.holdfast.contracts.SagaId;
import io.holdfast.contracts.saga.SagaContract;
import io.holdfast.messaging.Envelope;
import io.holdfast.messaging.Json;
import io.holdfast.messaging.Outbox.Outgoing;
import io.holdfast.messaging.UuidV7;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes answers to commands, and counts them. */
final class Replies {

  private static final Logger log = LoggerFactory.getLogger(Replies.class);
  private static final byte[] NO_BODY = new byte[0];

  private record Counted(String step, Phase phase, String outcome) {}

  private final MeterRegistry metrics;
  private final Map<Counted, Counter> counters = new ConcurrentHashMap<>();

  Replies(MeterRegistry metrics) {
    this.metrics = metrics;
  }

  Outgoing to(
      Fence.Answering command,
      ParticipantContract<?> contract,
      SagaId saga,
      Phase phase,
      Reply reply) {
    String type =
        switch (reply) {
          case Reply.Done _ -> SagaContract.DONE_TYPE;
          case Reply.Refused _ -> SagaContract.REFUSED_TYPE;
          case Reply.Conflict _ -> SagaContract.CONFLICT_TYPE;
        };
    byte[] body =
        switch (reply) {
          case Reply.Done(var data) ->
              data == null ? NO_BODY : data.getBytes(StandardCharsets.UTF_8);
          case Reply.Refused(var reason) -> Json.bytes(reason);
          case Reply.Conflict(var reason) -> Json.bytes(reason);
        };
    count(contract.name(), saga, phase, reply);
    return new Outgoing(
        contract.repliesTopic(),
        new Envelope(
            UuidV7.next(),
            type,
            contract.name(),
            saga,
            contract.name(),
            phase,
            command.attempt(),
            command.commandId(),
            command.trace().child(),
            body));
  }

  private void count(String step, SagaId saga, Phase phase, Reply reply) {
    String outcome =
        switch (reply) {
          case Reply.Done _ -> "done";
          case Reply.Refused _ -> "refused";
          case Reply.Conflict(var reason) -> {
            log.error(
                "saga {}: {} contradicts what {} did before, nothing was changed, an operator has to look: {}",
                saga,
                phase,
                step,
                reason.detail());
            metrics.counter("participant.conflicts", "step", step).increment();
            yield "conflict";
          }
        };
    counters
        .computeIfAbsent(
            new Counted(step, phase, outcome),
            counted ->
                metrics.counter(
                    "participant.replies",
                    "step",
                    counted.step,
                    "phase",
                    counted.phase.name(),
                    "outcome",
                    counted.outcome))
        .increment();
  }
}
