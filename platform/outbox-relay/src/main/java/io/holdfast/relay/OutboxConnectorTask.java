package io.holdfast.relay;

import io.debezium.config.Configuration;
import io.debezium.connector.common.CdcSourceTaskContext;
import io.debezium.connector.postgresql.PostgresConnectorConfig;
import io.debezium.connector.postgresql.PostgresConnectorTask;
import io.debezium.connector.postgresql.PostgresSchema;
import io.debezium.connector.postgresql.connection.PostgresConnection;
import io.debezium.connector.postgresql.connection.ReplicationConnection;
import io.debezium.pipeline.DataChangeEvent;
import io.debezium.pipeline.ErrorHandler;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.source.SourceRecord;
import org.jspecify.annotations.Nullable;

/**
 * Debezium's task with two changes. It sleeps while there is nothing to send, where Debezium's own
 * queue spins through the last millisecond of every poll. And it refuses to make a replication
 * slot, or to stream from one that begins after what Kafka has. Public only because Debezium makes
 * it by class name.
 */
public final class OutboxConnectorTask extends PostgresConnectorTask {

  private static final int MAX_BATCH = 4_096;

  /** How long a reader that failed may go unnoticed while no row comes. */
  private static final Duration PATIENCE = Duration.ofMillis(100);

  private @Nullable EngineLink link;

  @Override
  public CdcSourceTaskContext<PostgresConnectorConfig> preStart(Configuration config) {
    link = EngineLink.of(config.asMap());
    return super.preStart(config);
  }

  @Override
  protected ReplicationConnection buildReplicationConnection(
      PostgresConnection connection, PostgresSchema schema, PostgresConnectorConfig config)
      throws SQLException {
    return new GuardedReplication(
        super.buildReplicationConnection(connection, schema, config), link().startLimit());
  }

  @Override
  public List<SourceRecord> doPoll() throws InterruptedException {
    List<DataChangeEvent> events = link().buffer().take(MAX_BATCH, PATIENCE);
    if (events.isEmpty()) {
      Optional<Throwable> failure = getErrorHandler().map(ErrorHandler::getProducerThrowable);
      if (failure.isPresent()) {
        throw new ConnectException("reading the log ended", failure.get());
      }
    }
    var records = new ArrayList<SourceRecord>(events.size());
    for (DataChangeEvent event : events) {
      records.add(event.getRecord());
    }
    return records;
  }

  private EngineLink link() {
    if (link == null) {
      throw new IllegalStateException("not started");
    }
    return link;
  }
}
