package io.holdfast.relay;

import io.debezium.embedded.Connect;
import io.debezium.engine.DebeziumEngine;
import io.debezium.engine.DebeziumEngine.RecordCommitter;
import io.debezium.engine.RecordChangeEvent;
import io.debezium.engine.format.ChangeEventFormat;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.source.SourceRecord;
import org.jspecify.annotations.Nullable;

/**
 * One run of the embedded Debezium engine, from the slot's position to its first failure. It never
 * repairs itself: whatever goes wrong ends it, and the relay builds another.
 */
final class OutboxEngine {

  /** Longer than a task takes to start on a busy machine; also bounds how long a stop may take. */
  private static final Duration TASK_LIMIT = Duration.ofSeconds(20);

  private static final String HEARTBEAT =
      "with gone as (delete from relay.relay_heartbeat) "
          + "insert into relay.relay_heartbeat (at) values (clock_timestamp())";

  private final RowPublisher publisher;
  private final EngineLink link;
  private final RelayMetrics metrics;
  private final DebeziumEngine<RecordChangeEvent<SourceRecord>> debezium;
  private final Thread thread;
  private final CompletableFuture<@Nullable Throwable> ended = new CompletableFuture<>();
  private final AtomicReference<@Nullable Throwable> handlerFailure = new AtomicReference<>();
  private final long startedNanos = System.nanoTime();

  private volatile long lastSignNanos = startedNanos;
  private volatile boolean streamed;
  private volatile long sendingSinceNanos;
  private volatile boolean sending;

  OutboxEngine(
      RelaySettings settings, RowPublisher publisher, EngineLink link, RelayMetrics metrics) {
    this.publisher = publisher;
    this.link = link;
    this.metrics = metrics;
    this.debezium =
        DebeziumEngine.create(ChangeEventFormat.of(Connect.class))
            .using(configuration(settings, link.id()))
            .using((success, message, error) -> ended.complete(error))
            .notifying(this::handle)
            .build();
    this.thread = Thread.ofPlatform().daemon().name("holdfast-relay-engine").unstarted(debezium);
  }

  /** See the reasons in docs/decisions/003-relay-idle-wait.md and in the fault catalogue. */
  static Properties configuration(RelaySettings settings, String id) {
    var properties = new Properties();
    properties.putAll(
        Map.ofEntries(
            Map.entry("name", "holdfast-relay"),
            Map.entry("connector.class", OutboxConnector.class.getName()),
            // Unique, because Debezium names its management beans by it.
            Map.entry("topic.prefix", "relay-" + id),
            Map.entry(EngineLink.KEY, id),
            Map.entry("database.hostname", settings.host()),
            Map.entry("database.port", Integer.toString(settings.port())),
            Map.entry("database.dbname", settings.database()),
            Map.entry("database.user", settings.user()),
            Map.entry("database.password", settings.password()),
            Map.entry("database.sslmode", settings.sslMode()),
            Map.entry("database.tcpKeepAlive", "true"),
            Map.entry("database.query.timeout.ms", "10000"),
            Map.entry("plugin.name", "pgoutput"),
            Map.entry("slot.name", settings.slot()),
            Map.entry("slot.drop.on.stop", "false"),
            Map.entry("slot.max.retries", "0"),
            Map.entry("publication.name", settings.publication()),
            Map.entry("publication.autocreate.mode", "disabled"),
            Map.entry("snapshot.mode", "no_data"),
            Map.entry("offset.storage", SlotOnlyOffsets.class.getName()),
            Map.entry("offset.flush.interval.ms", "500"),
            Map.entry("lsn.flush.mode", "connector"),
            // Below wal_sender_timeout, which may be as short as a few seconds.
            Map.entry("status.update.interval.ms", "1000"),
            Map.entry("heartbeat.interval.ms", "1000"),
            Map.entry("heartbeat.action.query", HEARTBEAT),
            Map.entry("tombstones.on.delete", "false"),
            Map.entry("binary.handling.mode", "bytes"),
            Map.entry("skipped.operations", "u,d,t"),
            Map.entry("provide.transaction.metadata", "false"),
            // Debezium's own retries are silent and can't be stopped: the relay does the retrying.
            Map.entry("errors.max.retries", "0"),
            Map.entry("queue.provider.type", HandoverQueue.NAME),
            Map.entry("max.batch.size", "4096"),
            Map.entry("max.queue.size", Integer.toString(2 * HandoverBuffer.MAX_EVENTS)),
            // Bytes are bounded by HandoverBuffer; Debezium's own count expects its own queue.
            Map.entry("max.queue.size.in.bytes", "0"),
            // Only the pause of the log's reader after five empty reads.
            Map.entry("poll.interval.ms", "2"),
            Map.entry("task.management.timeout.ms", Long.toString(TASK_LIMIT.toMillis()))));
    return properties;
  }

  void start() {
    thread.start();
  }

  private void handle(
      List<RecordChangeEvent<SourceRecord>> events,
      RecordCommitter<RecordChangeEvent<SourceRecord>> committer)
      throws InterruptedException {
    sendingSinceNanos = System.nanoTime();
    sending = true;
    try {
      for (RecordChangeEvent<SourceRecord> event : events) {
        send(event.record());
      }
      publisher.awaitAll();
    } catch (RuntimeException e) {
      handlerFailure.compareAndSet(null, e);
      throw e;
    } finally {
      sending = false;
    }
    metrics.batchAcknowledged();
    RecordChangeEvent<SourceRecord> last = events.getLast();
    Optional<Lsn> position = position(last.record());
    if (position.isPresent()) {
      link.handled(position.get());
      committer.markProcessed(last);
    }
    committer.markBatchFinished();
  }

  private void send(SourceRecord record) {
    if (!(record.value() instanceof Struct value) || value.schema().field("source") == null) {
      // Debezium's own heartbeat: no proof of the stream, but it carries the position.
      return;
    }
    lastSignNanos = System.nanoTime();
    streamed = true;
    Struct source = value.getStruct("source");
    String table = source.getString("schema") + "." + source.getString("table");
    if (table.equals("relay.relay_heartbeat")) {
      return;
    }
    Struct after = value.getStruct("after");
    if (after == null
        || after.schema().field("id") == null
        || after.schema().field("payload") == null) {
      throw new IllegalStateException(
          "table %s is published, but is no outbox (id, payload): remove it from the publication"
              .formatted(table));
    }
    publisher.send(
        new OutboxRow(table, UUID.fromString(after.getString("id")), bytes(after.get("payload"))));
  }

  private static byte[] bytes(Object payload) {
    return switch (payload) {
      case byte[] array -> array;
      case ByteBuffer buffer -> {
        var array = new byte[buffer.remaining()];
        buffer.duplicate().get(array);
        yield array;
      }
      default ->
          throw new IllegalStateException("a payload came as " + payload.getClass().getName());
    };
  }

  /**
   * What Debezium will tell the slot for this record: the last commit, or else the last change. A
   * stream has neither until its first transaction is complete.
   */
  private static Optional<Lsn> position(SourceRecord record) {
    Object commit = record.sourceOffset().get("lsn_commit");
    Object change = record.sourceOffset().get("lsn_proc");
    return (commit != null ? commit : change) instanceof Long lsn
        ? Optional.of(new Lsn(lsn))
        : Optional.empty();
  }

  /** Why it ended; empty while it runs. */
  Optional<Throwable> failure() {
    Throwable handler = handlerFailure.get();
    if (handler != null) {
      return Optional.of(handler);
    }
    if (!ended.isDone()) {
      return Optional.empty();
    }
    Throwable error = ended.join();
    return Optional.of(error != null ? error : new IllegalStateException("the engine ended"));
  }

  /** Whether a row has come out of the stream. */
  boolean hasStreamed() {
    return streamed;
  }

  /** Since the last row out of the stream; zero while Kafka is what it waits for. */
  Duration silence() {
    return sending ? Duration.ZERO : Duration.ofNanos(System.nanoTime() - lastSignNanos);
  }

  /** How long Kafka has owed the acknowledgement of the present batch. */
  Duration waitingForKafka() {
    return sending ? Duration.ofNanos(System.nanoTime() - sendingSinceNanos) : Duration.ZERO;
  }

  /**
   * Ends the engine, the hard way if need be, and with it everything not acknowledged.
   *
   * @return false if its threads live on; the slot then has to be taken from it
   */
  boolean stop(Duration limit) throws InterruptedException {
    if (thread.getState() == Thread.State.NEW) {
      return true;
    }
    // Its close() waits, throws and hangs, depending on the engine's state.
    Thread closer =
        Thread.ofPlatform()
            .daemon()
            .name("holdfast-relay-closer")
            .start(
                () -> {
                  try {
                    debezium.close();
                  } catch (IOException | IllegalStateException e) {
                    thread.interrupt();
                  }
                });
    if (hasEnded(limit)) {
      return true;
    }
    thread.interrupt();
    closer.interrupt();
    return hasEnded(limit);
  }

  private boolean hasEnded(Duration limit) throws InterruptedException {
    try {
      ended.get(limit.toMillis(), TimeUnit.MILLISECONDS);
      return true;
    } catch (TimeoutException e) {
      return false;
    } catch (ExecutionException e) {
      return true;
    }
  }
}
