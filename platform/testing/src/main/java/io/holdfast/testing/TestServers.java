package io.holdfast.testing;

import io.holdfast.embedded.DatabaseSetup;
import io.holdfast.embedded.EmbeddedKafka;
import io.holdfast.embedded.EmbeddedKafkaSettings;
import io.holdfast.embedded.EmbeddedPostgres;
import io.holdfast.embedded.EmbeddedPostgresSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.springframework.boot.SpringApplication;
import org.springframework.util.FileSystemUtils;

/**
 * One PostgreSQL server and one Kafka broker a JVM, started when the first test asks and stopped
 * when the JVM ends. Tests are told apart by their databases and keys.
 */
public final class TestServers {

  /** Password of every role. */
  public static final String PASSWORD = "holdfast";

  private static final List<String> SERVICES =
      List.of("orders", "inventory", "wallet", "payment", "saga");
  private static final AtomicInteger DATABASES = new AtomicInteger();

  private TestServers() {}

  /** Starts on first use. */
  private static final class Postgres {

    /** A test's data need not survive a power failure. */
    private static final Map<String, String> SETTINGS =
        Map.of("fsync", "off", "synchronous_commit", "off", "full_page_writes", "off");

    static final EmbeddedPostgres SERVER = start();

    private static EmbeddedPostgres start() {
      var folder = folder("postgres");
      var server =
          EmbeddedPostgres.start(new EmbeddedPostgresSettings(folder.resolve("data"), 0, SETTINGS));
      atEnd(server, folder);
      return server;
    }
  }

  /** Starts on first use. */
  private static final class Kafka {

    static final EmbeddedKafka BROKER = start();

    private static EmbeddedKafka start() {
      var folder = folder("kafka");
      var broker = EmbeddedKafka.start(EmbeddedKafkaSettings.in(folder.resolve("data")));
      atEnd(broker, folder);
      return broker;
    }
  }

  public static EmbeddedPostgres postgres() {
    return Postgres.SERVER;
  }

  public static EmbeddedKafka kafka() {
    return Kafka.BROKER;
  }

  /**
   * Makes a database with the schema and role of every service.
   *
   * @return its JDBC URL
   */
  public static String freshDatabase() {
    var server = postgres();
    String database = "test_" + DATABASES.incrementAndGet();
    try {
      DatabaseSetup.prepare(
          server.jdbcUrl("postgres"),
          server.superuser(),
          server.superuserPassword(),
          database,
          SERVICES,
          _ -> PASSWORD);
    } catch (SQLException e) {
      throw new IllegalStateException("database " + database + " cannot be prepared", e);
    }
    return server.jdbcUrl(database);
  }

  private static Path folder(String name) {
    try {
      return Files.createTempDirectory("holdfast-test-" + name);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** After the contexts have closed, so that none of them sees its servers go. */
  private static void atEnd(AutoCloseable server, Path folder) {
    SpringApplication.getShutdownHandlers()
        .add(
            () -> {
              try {
                server.close();
                FileSystemUtils.deleteRecursively(folder);
              } catch (Exception e) {
                throw new IllegalStateException("a test server did not stop: " + folder, e);
              }
            });
  }
}
