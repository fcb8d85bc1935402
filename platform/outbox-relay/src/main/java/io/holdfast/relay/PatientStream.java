package io.holdfast.relay;

import io.debezium.connector.postgresql.connection.Lsn;
import io.debezium.connector.postgresql.connection.ReplicationStream;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.ExecutorService;

/**
 * A stream that looks less often when nothing has come for a while. Debezium looks about 700 times
 * a second; each look is a read with a time limit of 1 ms and costs some system calls and an
 * exception. A row that ends a quiet time waits for up to {@link #NAP} longer; the messages that
 * follow from it do not.
 */
final class PatientStream implements ReplicationStream {

  private static final Duration NAP = Duration.ofMillis(3);
  private static final Duration ALERT = Duration.ofMillis(50);

  private final ReplicationStream stream;
  private long lastReadNanos = System.nanoTime();

  PatientStream(ReplicationStream stream) {
    this.stream = stream;
  }

  @Override
  public boolean readPending(ReplicationMessageProcessor processor)
      throws SQLException, InterruptedException {
    boolean read = stream.readPending(processor);
    long now = System.nanoTime();
    if (read) {
      lastReadNanos = now;
    } else if (now - lastReadNanos > ALERT.toNanos()) {
      Thread.sleep(NAP);
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
