package io.holdfast.testing;

import io.holdfast.embedded.DatabaseSetup;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.springframework.boot.SpringApplication;

/**
 * One PostgreSQL server and one Kafka broker a JVM, started when the first test asks and stopped
 * when the JVM ends. Tests are told apart by their databases and keys. A test that stops a server
 * starts one of its own.
 *
 * <p>The servers are embedded; with the system property {@code holdfast.test.servers=containers},
 * which the Maven profile {@code containers} sets, they run in Docker.
 */
public final class TestServers {

  /** Password of every role. */
  public static final String PASSWORD = "holdfast";

  private static final String PROPERTY = "holdfast.test.servers";

  private static final List<String> SERVICES =
      List.of("orders", "inventory", "wallet", "payment", "saga");
  private static final AtomicInteger DATABASES = new AtomicInteger();

  private TestServers() {}

  /** Starts on first use. */
  private static final class Postgres {

    /** A test's data need not survive a power failure. */
    private static final Map<String, String> SETTINGS =
        Map.of("fsync", "off", "synchronous_commit", "off", "full_page_writes", "off");

    static final PostgresServer SERVER = start();

    private static PostgresServer start() {
      var server = startPostgres(SETTINGS);
      atEnd(server);
      return server;
    }
  }

  /** Starts on first use. */
  private static final class Kafka {

    static final KafkaBroker BROKER = start();

    private static KafkaBroker start() {
      var broker = startKafka();
      atEnd(broker);
      return broker;
    }
  }

  /** The run's server. */
  public static PostgresServer postgres() {
    return Postgres.SERVER;
  }

  /** The run's broker. */
  public static KafkaBroker kafka() {
    return Kafka.BROKER;
  }

  /**
   * Another server, which the caller closes.
   *
   * @param settings PostgreSQL's, on top of those that Holdfast needs
   */
  public static PostgresServer startPostgres(Map<String, String> settings) {
    return inContainers() ? new PostgresInContainer(settings) : new PostgresHere(settings);
  }

  /** Another broker, which the caller closes. */
  public static KafkaBroker startKafka() {
    return inContainers() ? new KafkaInContainer() : new KafkaHere();
  }

  private static boolean inContainers() {
    String servers = System.getProperty(PROPERTY, "embedded");
    return switch (servers) {
      case "embedded" -> false;
      case "containers" -> true;
      default ->
          throw new IllegalStateException(
              "%s is embedded or containers, not %s".formatted(PROPERTY, servers));
    };
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

  /** After the contexts have closed, so that none of them sees its servers go. */
  private static void atEnd(AutoCloseable server) {
    SpringApplication.getShutdownHandlers()
        .add(
            () -> {
              try {
                server.close();
              } catch (Exception e) {
                throw new IllegalStateException("a test server did not stop: " + server, e);
              }
            });
  }
}
