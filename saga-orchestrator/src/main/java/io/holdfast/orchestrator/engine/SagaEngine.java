package io.holdfast.orchestrator.engine;

import static java.util.Objects.requireNonNull;

import io.holdfast.messaging.BatchHandler;
import io.holdfast.messaging.Envelope;
import io.holdfast.messaging.Outbox;
import io.holdfast.messaging.TimerLoop;
import io.holdfast.saga.Decision;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.transaction.support.TransactionOperations;

/** Prefetch, decide, commit: for messages, and in the same way for sagas whose time has come. */
final class SagaEngine implements BatchHandler, TimerLoop.DueRows {

  private static final Logger log = LoggerFactory.getLogger(SagaEngine.class);

  /** What is due is being handled by somebody else: asking again at once would only spin. */
  private static final Duration WHILE_LOCKED = Duration.ofMillis(5);

  private final SagaDefinitions definitions;
  private final SagaStore store;
  private final Outbox outbox;
  private final TransactionOperations transactions;
  private final EngineProperties properties;
  private final Map<Decision.Kind, Counter> decisions = new EnumMap<>(Decision.Kind.class);
  private final Timer lateness;
  private final StartGate startGate;

  SagaEngine(
      SagaDefinitions definitions,
      SagaStore store,
      Outbox outbox,
      TransactionOperations transactions,
      EngineProperties properties,
      MeterRegistry metrics) {
    this.definitions = definitions;
    this.store = store;
    this.outbox = outbox;
    this.transactions = transactions;
    this.properties = properties;
    for (var kind : Decision.Kind.values()) {
      decisions.put(kind, metrics.counter("saga.decisions", "kind", kind.name()));
    }
    this.lateness = metrics.timer("saga.timer.lateness");
    this.startGate = new StartGate(properties.firstTriesAtMost(), store::countFirstTries);
  }

  @Override
  public void handle(List<Envelope> batch) {
    var sagas =
        new SagaBatch(definitions, store.load(batch.stream().map(Envelope::sagaId).toList()));
    batch.forEach(sagas::apply);
    save(sagas);
  }

  @Override
  public Duration handleBatch() {
    return transactions.execute(
        _ -> {
          var due = store.claimDue();
          if (!due.isEmpty()) {
            var sagas =
                new SagaBatch(definitions, due.stream().map(SagaStore.DueSaga::saga).toList());
            for (var saga : due) {
              sagas.due(saga.saga().id(), saga.deadlinePassed());
              lateness.record(Duration.ofMillis((long) (saga.lateSeconds() * 1000)));
            }
            save(sagas);
          }
          if (due.size() == properties.timerBatch()) {
            return Duration.ZERO;
          }
          var next = store.nextDue(TimerLoop.LONGEST_SLEEP);
          return due.isEmpty() && !next.isPositive() ? WHILE_LOCKED : next;
        });
  }

  /** Says which sagas wait for a definition that has been taken away. */
  void reportStranded() {
    for (var stranded : store.stranded()) {
      log.error(
          "{} running sagas need definition {}, which is not deployed: deploy it again until they have ended",
          stranded.sagas(),
          stranded.needs());
    }
  }

  /** The soonest that a saga of a batch that has just been handled can be due. */
  Duration soonestAction() {
    return definitions.shortestDeadline(properties.resendAfter());
  }

  /** Keeps new sagas waiting while enough have just begun. */
  StartGate startGate() {
    return startGate;
  }

  private void save(SagaBatch sagas) {
    store.insert(sagas.created());
    startGate.began(sagas.tryingForTheFirstTime());
    store.update(sagas);
    store.append(sagas.history());
    outbox.append(sagas.outgoing());
    sagas.decisions().forEach(kind -> requireNonNull(decisions.get(kind)).increment());
    sagas.updated().stream()
        .filter(saga -> saga.attention() != null)
        .forEach(saga -> log.error("saga {} needs an operator: {}", saga.id(), saga.attention()));
  }
}
