package io.holdfast.relay;

import io.debezium.DebeziumException;
import io.debezium.connector.postgresql.connection.ReplicationConnection;
import io.debezium.connector.postgresql.connection.ReplicationStream;
import io.debezium.connector.postgresql.connection.WalPositionLocator;
import io.debezium.connector.postgresql.spi.SlotCreationResult;
import java.sql.SQLException;
import java.util.Optional;

/**
 * Debezium makes a missing slot anew at the current end of the log and streams on without a word.
 * Here it may not: a stream that would begin after the last acknowledged position is refused, even
 * if the slot vanished in the moment between the relay's own check and the start.
 */
final class GuardedReplication implements ReplicationConnection {

  private final ReplicationConnection debezium;
  private final Lsn limit;

  GuardedReplication(ReplicationConnection debezium, Lsn limit) {
    this.debezium = debezium;
    this.limit = limit;
  }

  @Override
  public ReplicationStream startStreaming(WalPositionLocator locator)
      throws SQLException, InterruptedException {
    return refuseHole(debezium.startStreaming(locator));
  }

  @Override
  public ReplicationStream startStreaming(
      io.debezium.connector.postgresql.connection.Lsn offset, WalPositionLocator locator)
      throws SQLException, InterruptedException {
    return refuseHole(debezium.startStreaming(offset, locator));
  }

  private ReplicationStream refuseHole(ReplicationStream stream) {
    var start = new Lsn(stream.startLsn().asLong());
    if (start.isAfter(limit)) {
      throw new DebeziumException(
          "the stream would begin at %s, but Kafka has acknowledged only up to %s"
              .formatted(start, limit));
    }
    return stream;
  }

  @Override
  public Optional<SlotCreationResult> createReplicationSlot() {
    throw new DebeziumException("the slot is gone, and only the relay itself may make a new one");
  }

  @Override
  public void initConnection() throws SQLException, InterruptedException {
    debezium.initConnection();
  }

  @Override
  public boolean isConnected() throws SQLException {
    return debezium.isConnected();
  }

  @Override
  public void reconnect() throws SQLException {
    debezium.reconnect();
  }

  @Override
  public void close() {
    try {
      debezium.close();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new DebeziumException("closing the stream failed", e);
    }
  }
}
