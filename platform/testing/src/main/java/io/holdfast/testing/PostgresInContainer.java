package io.holdfast.testing;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.testcontainers.images.builder.Transferable;
import org.testcontainers.postgresql.PostgreSQLContainer;

/** A server in a container, with the settings of {@code docker-compose.yml}. */
final class PostgresInContainer implements PostgresServer {

  private static final String IMAGE = "postgres:18";
  private static final String SUPERUSER = "postgres";
  private static final Duration START_LIMIT = Duration.ofMinutes(2);
  private static final int EXECUTABLE = 0755;

  private static final Map<String, String> DEFAULTS =
      Map.of(
          "wal_level", "logical",
          "max_connections", "300",
          "max_replication_slots", "20",
          "max_wal_senders", "20",
          "wal_sender_timeout", "10s",
          "max_slot_wal_keep_size", "4GB",
          "idle_replication_slot_timeout", "0",
          "jit", "off");

  private final PostgreSQLContainer container;
  private final int port = FreePort.choose();

  PostgresInContainer(Map<String, String> settings) {
    container =
        new PostgreSQLContainer(IMAGE)
            .withUsername(SUPERUSER)
            .withPassword(TestServers.PASSWORD)
            .withDatabaseName(SUPERUSER);
    container.setCommand("postgres");
    // In the server's file and not on its command line, which `alter system` could not override.
    container.withCopyToContainer(
        Transferable.of(settingsScript(settings), EXECUTABLE),
        "/docker-entrypoint-initdb.d/settings.sh");
    ContainerEngine.start(container, port, PostgreSQLContainer.POSTGRESQL_PORT);
  }

  private static String settingsScript(Map<String, String> settings) {
    var all = new HashMap<>(DEFAULTS);
    all.putAll(settings);
    return all.entrySet().stream()
        .map(setting -> "%s = '%s'\n".formatted(setting.getKey(), setting.getValue()))
        .collect(
            Collectors.joining(
                "", "#!/bin/sh\ncat >> \"$PGDATA/postgresql.conf\" <<'END'\n", "END\n"));
  }

  @Override
  public String host() {
    return container.getHost();
  }

  @Override
  public int port() {
    return port;
  }

  @Override
  public String superuser() {
    return SUPERUSER;
  }

  @Override
  public String superuserPassword() {
    return TestServers.PASSWORD;
  }

  @Override
  public void crash() {
    ContainerEngine.kill(container);
  }

  @Override
  public void restart() {
    if (ContainerEngine.isRunning(container)) {
      ContainerEngine.stop(container);
    }
    ContainerEngine.startAgain(container);
    Awaitility.await("PostgreSQL after its restart")
        .atMost(START_LIMIT)
        .pollInterval(Duration.ofMillis(50))
        .ignoreExceptionsInstanceOf(SQLException.class)
        .until(this::answers);
  }

  private boolean answers() throws SQLException {
    try (Connection connection =
        DriverManager.getConnection(jdbcUrl(SUPERUSER), SUPERUSER, TestServers.PASSWORD)) {
      return connection.isValid(1);
    }
  }

  @Override
  public void signal(String signal, String pid) {
    ContainerEngine.run(container, "sh", "-c", "kill -%s %s".formatted(signal, pid));
  }

  @Override
  public void close() {
    container.close();
  }
}
