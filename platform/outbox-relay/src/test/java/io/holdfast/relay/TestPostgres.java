package io.holdfast.relay;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/** A real PostgreSQL that can be crashed and comes back with the same data on the same port. */
final class TestPostgres implements AutoCloseable {

  private static final String SET_UP =
      """
      create role relay login replication password 'relay';
      create schema relay authorization relay;
      create schema holdfast;
      create publication holdfast_outbox with (publish = 'insert', publish_via_partition_root = true);
      create function holdfast.publish_table(t regclass) returns void
      language plpgsql security definer as $$
      begin
        execute format('alter publication holdfast_outbox add table %s', t);
        execute format('grant usage on schema %s to relay',
          (select relnamespace::regnamespace from pg_class where oid = t));
        execute format('grant select on %s to relay', t);
      end $$;
      grant usage on schema holdfast to public;
      """;

  private static final String OUTBOX =
      """
      create schema if not exists %1$s;
      create table %1$s.outbox (
        id uuid primary key,
        payload bytea storage external not null check (octet_length(payload) <= 8388608)
      ) partition by range (id);
      create table %1$s.outbox_all partition of %1$s.outbox default;
      select holdfast.publish_table('%1$s.outbox');
      """;

  private final Path directory;
  private final int port;
  private final Map<String, String> settings;
  private @Nullable EmbeddedPostgres server;

  TestPostgres(Map<String, String> changed) {
    try (var socket = new ServerSocket(0)) {
      this.port = socket.getLocalPort();
      this.directory = Files.createTempDirectory("relay-pg");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    var all =
        new HashMap<>(
            Map.of(
                "wal_level", "logical",
                "fsync", "on",
                "synchronous_commit", "on",
                "full_page_writes", "on",
                "wal_sender_timeout", "10s",
                "max_slot_wal_keep_size", "4GB",
                "max_replication_slots", "10",
                "max_wal_senders", "10",
                "max_connections", "60",
                "timezone", "UTC"));
    all.putAll(changed);
    this.settings = all;
    initialize();
    execute(SET_UP);
  }

  private void initialize() {
    try {
      var builder =
          EmbeddedPostgres.builder()
              .setPort(port)
              .setDataDirectory(directory)
              .setCleanDataDirectory(false)
              .setPGStartupWait(Duration.ofSeconds(60));
      settings.forEach(builder::setServerConfig);
      server = builder.start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Starts the crashed server again, with the command line it was started with. */
  void start() {
    try {
      String command = Files.readString(directory.resolve("postmaster.opts")).strip();
      // PostgreSQL refuses to run as root; a user namespace is what the library uses as well.
      String prefix = System.getProperty("user.name").equals("root") ? "unshare -U " : "";
      new ProcessBuilder("sh", "-c", prefix + command + " >/dev/null 2>&1 &").start().waitFor();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    Awaitility.await()
        .atMost(Duration.ofSeconds(60))
        .ignoreExceptions()
        .until(() -> value("select 1").equals("1"));
  }

  void createOutbox(String schema) {
    execute(OUTBOX.formatted(schema));
  }

  /** As {@code pg_ctl stop -m immediate}: no checkpoint, recovery at the next start. */
  void crash() {
    try {
      long pid = Long.parseLong(Files.readAllLines(directory.resolve("postmaster.pid")).getFirst());
      new ProcessBuilder("kill", "-QUIT", Long.toString(pid)).start().waitFor(5, TimeUnit.SECONDS);
      CompletableFuture<ProcessHandle> exit =
          ProcessHandle.of(pid)
              .map(ProcessHandle::onExit)
              .orElseGet(() -> CompletableFuture.completedFuture(ProcessHandle.current()));
      Awaitility.await().atMost(Duration.ofSeconds(20)).until(exit::isDone);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  Connection connect() throws SQLException {
    return DriverManager.getConnection(
        "jdbc:postgresql://localhost:" + port + "/postgres", "postgres", "postgres");
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

  int port() {
    return port;
  }

  @Override
  public void close() {
    crash();
  }
}
