package io.holdfast.relay;

import io.holdfast.embedded.DatabaseSetup;
import io.holdfast.testing.PostgresServer;
import io.holdfast.testing.TestServers;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import org.flywaydb.core.Flyway;

/** A PostgreSQL with two services' outboxes, set up and migrated as in production. */
final class TestPostgres implements AutoCloseable {

  static final String DATABASE = "holdfast";
  static final String PASSWORD = "secret";

  private static final List<String> SERVICES = List.of("orders", "wallet");

  private static final String PARTITIONS =
      """
      select create_day_partition('outbox', current_date + n) from generate_series(-1, 1) n
      """;

  private final PostgresServer server = TestServers.startPostgres(Map.of());

  TestPostgres() {
    try {
      DatabaseSetup.prepare(
          server.jdbcUrl("postgres"),
          server.superuser(),
          server.superuserPassword(),
          DATABASE,
          SERVICES,
          role -> PASSWORD);
      for (String service : SERVICES) {
        Flyway.configure()
            .dataSource(server.jdbcUrl(DATABASE), service, PASSWORD)
            .schemas(service)
            .createSchemas(false)
            .locations("classpath:db/messaging")
            .load()
            .migrate();
        try (var connection =
                DriverManager.getConnection(server.jdbcUrl(DATABASE), service, PASSWORD);
            var statement = connection.createStatement()) {
          statement.execute(PARTITIONS);
        }
      }
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /** As kill -9: no checkpoint, recovery at the next start. */
  void crash() {
    server.crash();
  }

  void restart() {
    server.restart();
  }

  void signal(String signal, String pid) {
    server.signal(signal, pid);
  }

  Connection connect() throws SQLException {
    return DriverManager.getConnection(
        server.jdbcUrl(DATABASE), server.superuser(), server.superuserPassword());
  }

  void execute(String sql) {
    try (var connection = connect();
        var statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw new IllegalStateException(sql, e);
    }
  }

  String value(String sql) {
    try (var connection = connect();
        var statement = connection.createStatement();
        var row = statement.executeQuery(sql)) {
      return row.next() ? String.valueOf(row.getString(1)) : "none";
    } catch (SQLException e) {
      throw new IllegalStateException(sql, e);
    }
  }

  RelaySettings relaySettings(String bootstrap) {
    return RelaySettings.of(
        server.host(), server.port(), DATABASE, DatabaseSetup.RELAY, PASSWORD, bootstrap);
  }

  @Override
  public void close() {
    server.crash();
    server.close();
  }
}
