package io.holdfast.relay;

import io.debezium.connector.postgresql.connection.Lsn;
import io.debezium.connector.postgresql.connection.ReplicationMessage.Operation;
import io.debezium.connector.postgresql.connection.ReplicationStream;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.ExecutorService;

/**
 * A stream that looks less often the longer no outbox row has come. Debezium looks about 700 times
 * a second; each look is a socket read with a limit of 1 ms and costs system calls and an
 * exception. Only the row that ends a quiet time waits for the end of a nap: what follows from it
 * finds the reader alert.
 */
final class PatientStream implements ReplicationStream {

  private static final Duration ALERT = Duration.ofMillis(50);
  private static final Duration SHORT_NAP = Duration.ofMillis(3);
  private static final Duration DROWSY = Duration.ofSeconds(5);
  private static final Duration LONG_NAP = Duration.ofMillis(10);

  private final ReplicationStream stream;
  private long lastRowNanos = System.nanoTime();

  PatientStream(ReplicationStream stream) {
    this.stream = stream;
  }

  @Override
  public boolean readPending(ReplicationMessageProcessor processor)
      throws SQLException, InterruptedException {
    boolean read =
        stream.readPending(
            message -> {
              if (message.getOperation() == Operation.INSERT
                  && !message.getTable().contains("relay_heartbeat")) {
                lastRowNanos = System.nanoTime();
              }
              processor.process(message);
            });
    if (!read) {
      long quiet = System.nanoTime() - lastRowNanos;
      if (quiet > DROWSY.toNanos()) {
        Thread.sleep(LONG_NAP);
      } else if (quiet > ALERT.toNanos()) {
        Thread.sleep(SHORT_NAP);
      }
    }
    return read;
  }

  @Override
  public void read(ReplicationMessageProcessor processor)
      throws SQLException, InterruptedException {
    stream.read(processor);
  }

  @Override
  public void flushLsn(Lsn lsn) throws SQLException {
    stream.flushLsn(lsn);
  }

  @Override
  public Lsn lastReceivedLsn() {
    return stream.lastReceivedLsn();
  }

  @Override
  public Lsn startLsn() {
    return stream.startLsn();
  }

  @Override
  public void startKeepAlive(ExecutorService service) {
    stream.startKeepAlive(service);
  }

  @Override
  public void stopKeepAlive() {
    stream.stopKeepAlive();
  }

  @Override
  public void close() {
    try {
      stream.close();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IllegalStateException("closing the stream failed", e);
    }
  }
}
