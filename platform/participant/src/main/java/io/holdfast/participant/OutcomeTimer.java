package io.holdfast.participant;

import io.holdfast.contracts.Phase;
import io.holdfast.contracts.saga.SagaContract;
import io.holdfast.messaging.Envelope;
import io.holdfast.messaging.Outbox;
import io.holdfast.messaging.Outbox.Outgoing;
import io.holdfast.messaging.TimerLoop;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks the orchestrator for the outcome of reservations that have waited too long. The answer is a
 * normal confirm or cancel; nobody but the orchestrator decides. Runs in its caller's transaction.
 */
final class OutcomeTimer implements TimerLoop.DueRows {

  private static final Logger log = LoggerFactory.getLogger(OutcomeTimer.class);
  private static final int LIMIT = 500;
  private static final byte[] NO_BODY = new byte[0];

  private final String step;
  private final ParticipantProperties properties;
  private final FenceStore fences;
  private final Outbox outbox;
  private final AtomicLong holds;

  OutcomeTimer(
      String step,
      ParticipantProperties properties,
      FenceStore fences,
      Outbox outbox,
      MeterRegistry metrics) {
    this.step = step;
    this.properties = properties;
    this.fences = fences;
    this.outbox = outbox;
    this.holds = new AtomicLong();
    metrics.gauge(
        "participant.holds",
        io.micrometer.core.instrument.Tags.of("step", step),
        this,
        timer -> timer.holds.get());
  }

  @Override
  public Duration handleBatch() {
    askForOutcomes();
    var waiting = fences.waiting(step);
    holds.set(waiting.count());
    return waiting.nextDueIn().orElse(TimerLoop.LONGEST_SLEEP);
  }

  private void askForOutcomes() {
    var due = fences.claimDue(step, LIMIT, properties.askAgainAfter(), properties.askAgainAtMost());
    if (!due.isEmpty()) {
      log.warn(
          "{} asks for the outcome of {} old reservations, one of saga {}",
          step,
          due.size(),
          due.getFirst().sagaId());
    }
    outbox.append(
        due.stream()
            .map(
                asking ->
                    new Outgoing(
                        SagaContract.REQUESTS_TOPIC,
                        Envelope.first(
                                step,
                                SagaContract.ASK_OUTCOME_TYPE,
                                asking.sagaId(),
                                asking.trace().child(),
                                NO_BODY)
                            .about(step, Phase.TRY, 0)))
            .toList());
  }
}
