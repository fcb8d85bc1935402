package io.holdfast.relay;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

/**
 * The connection whose lock makes this instance the leader. A thread of its own touches it every
 * second and PostgreSQL ends it after five seconds without a touch, so an instance that died, or
 * only froze, does not keep the others waiting.
 */
final class RelaySession implements AutoCloseable {

  private static final String LEASE =
      """
      set idle_session_timeout = '5s'
      """;

  private final RelaySettings settings;
  private final Connection connection;
  private final RelayStore store;
  private final AtomicReference<@Nullable SQLException> lost = new AtomicReference<>();
  private final ScheduledExecutorService keeper =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("holdfast-relay-lease").factory());

  private RelaySession(RelaySettings settings, Connection connection) {
    this.settings = settings;
    this.connection = connection;
    this.store = new RelayStore(new SingleConnectionDataSource(connection, true));
    var _ = keeper.scheduleWithFixedDelay(this::touch, 1, 1, TimeUnit.SECONDS);
  }

  static RelaySession open(RelaySettings settings) throws SQLException {
    var properties = settings.jdbcProperties("holdfast-relay");
    properties.setProperty("socketTimeout", "10");
    Connection connection = DriverManager.getConnection(settings.jdbcUrl(), properties);
    try (Statement statement = connection.createStatement()) {
      statement.execute(LEASE);
    }
    return new RelaySession(settings, connection);
  }

  private void touch() {
    try {
      store.touch();
    } catch (DataAccessException e) {
      lost.compareAndSet(null, new SQLException("the connection to PostgreSQL is gone", e));
      keeper.shutdown();
    }
  }

  RelayStore store() {
    return store;
  }

  boolean tryLead() {
    return store.tryLead(settings.slot());
  }

  /**
   * @throws SQLException if another instance may lead by now
   */
  void verify() throws SQLException {
    SQLException e = lost.get();
    if (e != null) {
      throw e;
    }
  }

  /** A second connection without time limit, for statements that wait. */
  Connection openForLongWork() throws SQLException {
    return DriverManager.getConnection(
        settings.jdbcUrl(), settings.jdbcProperties("holdfast-relay-repair"));
  }

  @Override
  public void close() throws SQLException {
    keeper.shutdownNow();
    connection.close();
  }
}
