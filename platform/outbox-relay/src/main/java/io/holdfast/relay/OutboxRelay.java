package io.holdfast.relay;

import io.holdfast.relay.RelayState.Role;
import io.micrometer.core.instrument.MeterRegistry;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.KafkaException;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.CannotGetJdbcConnectionException;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

/**
 * Moves the outbox rows of one database to Kafka for as long as it runs, whatever fails. Any number
 * of instances may run; one of them, the leader, moves the rows, and another takes over within
 * seconds when it is gone.
 *
 * <p>At least once: a message is repeated after a failure, never left out. Rows of one transaction
 * keep their order.
 */
public final class OutboxRelay implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(OutboxRelay.class);

  private static final Duration LOOK = Duration.ofSeconds(1);
  private static final Duration GLANCE = Duration.ofMillis(100);
  private static final int GLANCES_PER_LOOK = 10;
  private static final Duration SHORTEST_BACKOFF = Duration.ofMillis(200);
  private static final Duration LONGEST_BACKOFF = Duration.ofSeconds(5);
  private static final Duration SILENCE_LIMIT = Duration.ofSeconds(10);
  private static final Duration LONGEST_SILENCE_LIMIT = Duration.ofMinutes(5);
  private static final Duration START_LIMIT = Duration.ofSeconds(30);
  private static final Duration STOP_LIMIT = Duration.ofSeconds(5);
  private static final UUID BEFORE_ALL = new UUID(0, 0);

  private final RelaySettings settings;
  private final RelayMetrics metrics;
  private final Clock clock = Clock.systemUTC();
  private final CountDownLatch stop = new CountDownLatch(1);

  private volatile RelayState state;
  private volatile @Nullable OutboxEngine engine;
  private @Nullable Thread supervisor;
  private boolean migrated;
  private Duration silenceLimit = SILENCE_LIMIT;

  public OutboxRelay(RelaySettings settings, MeterRegistry registry) {
    this.settings = settings;
    this.metrics = new RelayMetrics(registry);
    this.state = new RelayState(Role.STOPPED, "not started", clock.instant());
  }

  /**
   * Returns at once; the rows are moved by threads of its own. A PostgreSQL or Kafka that is down
   * is waited for.
   *
   * @throws RelayRefusedException if PostgreSQL is reachable but set up so that rows could be lost
   */
  public synchronized void start() {
    if (supervisor != null) {
      throw new IllegalStateException("a relay runs once; make another");
    }
    Quiet.debezium();
    try (RelaySession session = RelaySession.open(settings)) {
      refuseUnsafeServer(session.store());
    } catch (SQLException | DataAccessException e) {
      enter(Role.DOWN, "PostgreSQL can't be reached: " + rootMessage(e));
    }
    supervisor = Thread.ofPlatform().daemon().name("holdfast-relay").start(this::runUntilStopped);
  }

  /** Sends what is in hand, gives up the slot and returns; takes some seconds at most. */
  public synchronized void stop() {
    stop.countDown();
    Thread running = supervisor;
    if (running == null) {
      return;
    }
    try {
      if (!running.join(STOP_LIMIT.multipliedBy(3))) {
        running.interrupt();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    stop();
  }

  public RelayState state() {
    return state;
  }

  /** How long Kafka has owed the acknowledgement of the present batch; zero if it owes none. */
  public Duration waitingForKafka() {
    OutboxEngine running = engine;
    return running == null ? Duration.ZERO : running.waitingForKafka();
  }

  // -- supervision: every failure ends the engine, and the loop builds the next one

  private void runUntilStopped() {
    Duration backoff = SHORTEST_BACKOFF;
    try {
      while (!stopping(Duration.ZERO)) {
        long began = System.nanoTime();
        try (RelaySession session = RelaySession.open(settings)) {
          prepareServer(session);
          if (awaitLead(session)) {
            lead(session);
          }
        } catch (EngineEndedException e) {
          metrics.rebuilt();
          enter(Role.DOWN, e.getMessage());
        } catch (PublishFailedException e) {
          enter(Role.DOWN, e.getMessage());
        } catch (RelayRefusedException e) {
          enterWithError(e.getMessage());
        } catch (CannotGetJdbcConnectionException e) {
          enter(Role.DOWN, "the connection to PostgreSQL was lost");
        } catch (SQLException | DataAccessException | FlywayException e) {
          enter(Role.DOWN, "PostgreSQL can't be used: " + rootMessage(e));
        } catch (KafkaException e) {
          enter(Role.DOWN, "Kafka can't be used: " + rootMessage(e));
        } finally {
          metrics.leading(false);
        }
        backoff =
            System.nanoTime() - began > START_LIMIT.toNanos()
                ? SHORTEST_BACKOFF
                : shorter(backoff.multipliedBy(2), LONGEST_BACKOFF);
        if (stopping(backoff)) {
          break;
        }
      }
      enter(Role.STOPPED, "stopped");
    } catch (InterruptedException e) {
      enter(Role.STOPPED, "interrupted");
    } catch (RuntimeException e) {
      LOG.error("The outbox relay ended by a defect; restart this instance", e);
      enter(Role.DOWN, "ended by a defect: " + e);
    }
  }

  private void prepareServer(RelaySession session) {
    refuseUnsafeServer(session.store());
    if (!migrated) {
      Flyway.configure()
          .dataSource(settings.jdbcUrl(), settings.user(), settings.password())
          .schemas("relay")
          .createSchemas(false)
          .locations("classpath:db/relay")
          .load()
          .migrate();
      migrated = true;
    }
  }

  private void refuseUnsafeServer(RelayStore store) {
    List<String> objections = ServerSettings.objections(store.settings(ServerSettings.NAMES));
    if (!objections.isEmpty()) {
      throw new RelayRefusedException(
          "The outbox relay refuses to run. " + String.join(" ", objections));
    }
    Optional<Boolean> fits = store.publicationFits(settings.publication());
    if (fits.isEmpty()) {
      throw new RelayRefusedException(
          "The outbox relay refuses to run. Publication %s does not exist in database %s: run the database set-up that makes it, the role relay and holdfast.publish_table."
              .formatted(settings.publication(), settings.database()));
    }
    if (!fits.get()) {
      throw new RelayRefusedException(
          "The outbox relay refuses to run. Publication %s must have publish = 'insert' and publish_via_partition_root = true."
              .formatted(settings.publication()));
    }
  }

  /** False if the relay is to stop. */
  private boolean awaitLead(RelaySession session) throws SQLException, InterruptedException {
    while (!session.tryLead()) {
      enter(Role.STANDBY, "another instance moves the rows");
      if (stopping(LOOK)) {
        return false;
      }
      session.verify();
    }
    while (true) {
      Optional<SlotStatus> slot = session.store().slot(settings.slot());
      if (slot.isEmpty() || slot.get().activePid() == null) {
        return true;
      }
      enter(
          Role.STANDBY,
          "slot %s is still in use by process %d"
              .formatted(settings.slot(), slot.get().activePid()));
      if (stopping(Duration.ofMillis(200))) {
        return false;
      }
      session.verify();
    }
  }

  private void lead(RelaySession session) throws SQLException, InterruptedException {
    RelayStore store = session.store();
    try (var publisher = new RowPublisher(settings.producer(), store.parked(), metrics)) {
      try {
        switch (verdict(store)) {
          case SlotVerdict.Sound _ ->
              enter(Role.STARTING, "streaming from slot " + settings.slot());
          case SlotVerdict.FirstStart _ -> {
            enter(Role.STARTING, "making slot " + settings.slot());
            replaceSlot(session, publisher);
          }
          case SlotVerdict.Broken(String reason) -> {
            LOG.error(
                "Slot {} can't be trusted: {}. A new slot is made and all kept outbox rows are published again; consumers drop what they know",
                settings.slot(),
                reason);
            enter(Role.STARTING, "publishing the kept rows again: " + reason);
            replaceSlot(session, publisher);
          }
        }
        stream(session, publisher);
      } catch (PublishFailedException e) {
        parkIfHopeless(store, e);
        throw e;
      }
    }
  }

  private SlotVerdict verdict(RelayStore store) {
    // In this order: the record is always written before the slot moves.
    Optional<SlotStatus> slot = store.slot(settings.slot());
    slot.ifPresent(metrics::slot);
    return SlotVerdict.of(
        store.recorded(settings.slot()), slot, store.systemIdentifier(), settings.database());
  }

  /** What was committed before the new slot began is read by SQL, what comes later is streamed. */
  private void replaceSlot(RelaySession session, RowPublisher publisher)
      throws SQLException, InterruptedException {
    try (Connection connection = session.openForLongWork()) {
      var store = new RelayStore(new SingleConnectionDataSource(connection, true));
      int generation = store.beginGeneration(settings.slot(), store.systemIdentifier());
      store.dropSlot(settings.slot());
      Lsn position = store.createSlot(settings.slot());
      store.slotCreated(settings.slot(), position);
      int rows = 0;
      for (String outbox : store.outboxes(settings.publication())) {
        UUID last = BEFORE_ALL;
        for (List<OutboxRow> page = store.keptRows(outbox, last);
            !page.isEmpty();
            page = store.keptRows(outbox, last)) {
          page.forEach(publisher::send);
          publisher.awaitAll();
          metrics.republished(page.size());
          rows += page.size();
          last = page.getLast().id();
          session.verify();
          if (stopping(Duration.ZERO)) {
            return;
          }
        }
      }
      store.endGeneration(settings.slot());
      LOG.info(
          "Slot {} made at {}, generation {}; {} kept outbox rows published",
          settings.slot(),
          position,
          generation,
          rows);
    }
  }

  private void stream(RelaySession session, RowPublisher publisher)
      throws SQLException, InterruptedException {
    RelayStore store = session.store();
    SlotRecord recorded = store.recorded(settings.slot()).orElseThrow();
    Lsn acknowledged = recorded.acknowledged();
    if (acknowledged == null || !recorded.republished()) {
      return;
    }
    try (var link =
        new EngineLink(acknowledged, position -> store.acknowledge(settings.slot(), position))) {
      var running = new OutboxEngine(settings, publisher, link, metrics);
      engine = running;
      try {
        running.start();
        watch(session, running);
      } finally {
        engine = null;
        end(store, running);
      }
    }
  }

  private void watch(RelaySession session, OutboxEngine running)
      throws SQLException, InterruptedException {
    boolean reported = false;
    for (int look = 0; !stopping(GLANCE); look++) {
      Optional<Throwable> failure = running.failure();
      if (failure.isPresent()) {
        throw ended(failure.get());
      }
      if (running.hasStreamed() && !reported) {
        reported = true;
        metrics.leading(true);
        silenceLimit = SILENCE_LIMIT;
        enter(Role.LEADER, "moves the rows of database " + settings.database());
      }
      Duration limit = reported ? silenceLimit : longer(silenceLimit, START_LIMIT);
      if (running.silence().compareTo(limit) > 0) {
        // A huge transaction may keep PostgreSQL silent for long: be more patient next time.
        silenceLimit = shorter(silenceLimit.multipliedBy(2), LONGEST_SILENCE_LIMIT);
        throw new EngineEndedException(
            "the stream was silent for %d s, not even a heartbeat came"
                .formatted(limit.toSeconds()),
            null);
      }
      session.verify();
      if (reported
          && look % GLANCES_PER_LOOK == 0
          && verdict(session.store()) instanceof SlotVerdict.Broken(String reason)) {
        throw new EngineEndedException(reason, null);
      }
    }
  }

  private static RuntimeException ended(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof PublishFailedException publishing) {
        return publishing;
      }
    }
    return new EngineEndedException("the engine ended: " + rootMessage(failure), failure);
  }

  /** Afterwards nobody streams from the slot, whatever became of the engine's threads. */
  private void end(RelayStore store, OutboxEngine running) throws InterruptedException {
    if (!running.stop(STOP_LIMIT)) {
      LOG.warn("The relay's engine does not end; its stream is cut");
    }
    try {
      Integer pid = store.slot(settings.slot()).map(SlotStatus::activePid).orElse(null);
      if (pid != null) {
        store.endStream(settings.slot(), pid);
      }
    } catch (DataAccessException e) {
      LOG.debug("PostgreSQL is gone, and the stream with it", e);
    }
  }

  private void parkIfHopeless(RelayStore store, PublishFailedException e) {
    if (e.isForEver()) {
      String reason = String.valueOf(e.getMessage());
      store.park(e.failedMessage(), e.outbox(), reason);
      metrics.parked();
      LOG.error(
          "A message of {} row {} (index {}) can never be sent and is parked in relay.parked: {}",
          e.outbox(),
          e.failedMessage().rowId(),
          e.failedMessage().index(),
          reason);
    }
  }

  // -- state

  private void enter(Role role, @Nullable String detail) {
    if (change(role, String.valueOf(detail))) {
      if (role == Role.DOWN) {
        LOG.warn("Outbox relay {}: {}", role, detail);
      } else {
        LOG.info("Outbox relay {}: {}", role, detail);
      }
    }
  }

  private void enterWithError(@Nullable String detail) {
    if (change(Role.DOWN, String.valueOf(detail))) {
      LOG.error("{}", detail);
    }
  }

  private boolean change(Role role, String detail) {
    RelayState before = state;
    if (before.role() == role && before.detail().equals(detail)) {
      return false;
    }
    state = new RelayState(role, detail, clock.instant());
    return true;
  }

  private boolean stopping(Duration wait) throws InterruptedException {
    return stop.await(wait.toMillis(), TimeUnit.MILLISECONDS);
  }

  private static Duration shorter(Duration a, Duration b) {
    return a.compareTo(b) < 0 ? a : b;
  }

  private static Duration longer(Duration a, Duration b) {
    return a.compareTo(b) > 0 ? a : b;
  }

  private static String rootMessage(Throwable e) {
    Throwable root = e;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return String.valueOf(root.getMessage() != null ? root.getMessage() : root);
  }
}
