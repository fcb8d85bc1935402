package io.holdfast.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EmbeddedPostgresIT {

  // Made once: initdb takes longer than a test.
  @TempDir static Path template;

  @TempDir Path folder;

  @BeforeAll
  static void makeTemplate() {
    EmbeddedPostgres.start(EmbeddedPostgresSettings.in(template)).stop();
  }

  @BeforeEach
  void copyTemplate() throws IOException {
    try (Stream<Path> files = Files.walk(template)) {
      for (Path file : (Iterable<Path>) files::iterator) {
        Files.copy(
            file,
            folder.resolve(template.relativize(file).toString()),
            StandardCopyOption.COPY_ATTRIBUTES,
            StandardCopyOption.REPLACE_EXISTING);
      }
    }
  }

  @Test
  void keepsDataAndPasswordBetweenRuns() throws SQLException {
    try (var postgres = EmbeddedPostgres.start(EmbeddedPostgresSettings.in(folder))) {
      execute(postgres, "create table kept (x int)", "insert into kept values (42)");
    }

    try (var postgres = EmbeddedPostgres.start(EmbeddedPostgresSettings.in(folder))) {
      assertThat(query(postgres, "select x from kept")).isEqualTo("42");
    }
  }

  @Test
  @Tag("F30")
  @Tag("F31")
  void isAsDurableAsAProductionServer() throws SQLException {
    try (var postgres = EmbeddedPostgres.start(EmbeddedPostgresSettings.in(folder))) {
      Map.ofEntries(
              Map.entry("fsync", "on"),
              Map.entry("synchronous_commit", "on"),
              Map.entry("full_page_writes", "on"),
              Map.entry("data_checksums", "on"),
              Map.entry("wal_level", "logical"),
              Map.entry("max_connections", "300"),
              Map.entry("shared_buffers", "128MB"),
              Map.entry("wal_sender_timeout", "10s"),
              Map.entry("max_replication_slots", "20"),
              Map.entry("max_wal_senders", "20"),
              Map.entry("max_slot_wal_keep_size", "4GB"),
              Map.entry("idle_replication_slot_timeout", "0"),
              Map.entry("checkpoint_timeout", "1min"),
              Map.entry("listen_addresses", "127.0.0.1"),
              Map.entry("server_encoding", "UTF8"))
          .forEach(
              (name, value) ->
                  assertThat(query(postgres, "show " + name)).as(name).isEqualTo(value));
      assertThat(
              query(
                  postgres,
                  "select setting from pg_file_settings where name = 'timezone' and applied"))
          .isEqualTo("UTC");
      assertThat(query(postgres, "select version()")).startsWith("PostgreSQL 18.6");
    }
  }

  @Test
  void takesSettingsOfTheCallerOverItsOwn() {
    var settings =
        new EmbeddedPostgresSettings(
            folder, 0, Map.of("max_connections", "31", "cluster_name", "it's"));

    try (var postgres = EmbeddedPostgres.start(settings)) {
      assertThat(query(postgres, "show max_connections")).isEqualTo("31");
      assertThat(query(postgres, "show cluster_name")).isEqualTo("it's");
    }
  }

  @Test
  void refusesAWrongPassword() {
    try (var postgres = EmbeddedPostgres.start(EmbeddedPostgresSettings.in(folder))) {

      assertThatThrownBy(
              () ->
                  DriverManager.getConnection(
                      postgres.jdbcUrl("postgres"), postgres.superuser(), "wrong"))
          .hasMessageContaining("password authentication failed");
    }
  }

  @Test
  void recoversEveryCommitAfterItsServerIsKilled() throws SQLException {
    try (var postgres = EmbeddedPostgres.start(EmbeddedPostgresSettings.in(folder))) {
      int port = postgres.port();
      execute(postgres, "create table kept (x int)", "insert into kept values (42)");

      postgres.kill();
      assertThat(Ports.isFree(port)).isTrue();
      postgres.restart();

      assertThat(postgres.port()).isEqualTo(port);
      assertThat(query(postgres, "select x from kept")).isEqualTo("42");
    }
  }

  @Test
  void startsAfterSomebodyElseKilledItsServer() throws Exception {
    var settings = EmbeddedPostgresSettings.in(folder);
    try (var postgres = EmbeddedPostgres.start(settings)) {
      execute(postgres, "create table kept (x int)");
      postmaster().destroyForcibly();
      // no wait: its children may still hold the shared memory
      postgres.restart();

      assertThat(query(postgres, "select count(*) from kept")).isEqualTo("0");
    }
  }

  @Test
  void stopsTheServerThatAKilledProcessLeftBehind() throws Exception {
    Process process = startInAnotherProcess(folder);
    await()
        .atMost(Duration.ofSeconds(60))
        .until(() -> Files.exists(folder.resolve("started")) || !process.isAlive());
    ProcessHandle orphan = postmaster();
    process.destroyForcibly();
    assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
    assertThat(EmbeddedPostgres.runs(orphan)).isTrue();

    var settings = new EmbeddedPostgresSettings(folder, 0, Map.of("max_connections", "33"));
    try (var postgres = EmbeddedPostgres.start(settings)) {

      assertThat(EmbeddedPostgres.runs(orphan)).isFalse();
      assertThat(query(postgres, "show max_connections")).isEqualTo("33");
    }
  }

  @Test
  void startsWhenTheOldProcessNumberNowBelongsToAnotherProgram() throws Exception {
    Files.writeString(
        folder.resolve("cluster/postmaster.pid"), ProcessHandle.current().pid() + "\n");

    try (var postgres = EmbeddedPostgres.start(EmbeddedPostgresSettings.in(folder))) {
      assertThat(query(postgres, "select 1")).isEqualTo("1");
    }
  }

  @Test
  void startsAfterAFirstStartThatWasInterrupted() throws Exception {
    DataFolder.deleteTree(folder.resolve("cluster"));
    Files.createDirectories(folder.resolve("cluster.new/base"));
    Files.writeString(folder.resolve("superuser.password"), "of the interrupted one");

    try (var postgres = EmbeddedPostgres.start(EmbeddedPostgresSettings.in(folder))) {
      assertThat(query(postgres, "select 1")).isEqualTo("1");
    }
  }

  @Test
  void stopsWithinItsLimitWhileClientsAreConnected() throws SQLException {
    var postgres = EmbeddedPostgres.start(EmbeddedPostgresSettings.in(folder));
    try (Connection open = connect(postgres)) {
      open.setAutoCommit(false);
      try (Statement statement = open.createStatement()) {
        statement.execute("select 1");
      }

      long start = System.nanoTime();
      postgres.stop();

      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(10));
    }
    postgres.stop();
    assertThatThrownBy(postgres::restart).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void namesThePortThatIsTakenAndTheProperty() throws IOException {
    try (var other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      var settings = new EmbeddedPostgresSettings(folder, other.getLocalPort(), Map.of());

      assertThatThrownBy(() -> EmbeddedPostgres.start(settings))
          .isInstanceOf(StartupFailure.class)
          .hasMessage(
              "Port %d, which PostgreSQL needs, is taken: stop the program that uses it, or set holdfast.postgres.port to a free port.",
              other.getLocalPort());
    }

    EmbeddedPostgres.start(EmbeddedPostgresSettings.in(folder)).stop();
  }

  @Test
  void refusesASecondServerOnItsFolder() {
    try (var first = EmbeddedPostgres.start(EmbeddedPostgresSettings.in(folder))) {

      assertThatThrownBy(() -> EmbeddedPostgres.start(EmbeddedPostgresSettings.in(folder)))
          .isInstanceOf(StartupFailure.class)
          .hasMessageContaining("in use by another running Holdfast");

      assertThat(query(first, "select 1")).isEqualTo("1");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          PG_VERSION           | garbage | is not a valid data directory
          PG_VERSION           | 17      | made by PostgreSQL 17, this is 18
          PG_VERSION           |         | is not a database cluster directory
          global/pg_control    | garbage | could not read file
          postgresql.conf      | garbage | contains errors
          ../superuser.password|         | superuser.password is missing
          """)
  void saysWhatIsWrongWithABrokenFolder(String file, @Nullable String content, String reason)
      throws IOException {
    Path broken = folder.resolve("cluster").resolve(file).normalize();
    if (content == null) {
      Files.delete(broken);
    } else {
      Files.writeString(broken, content + "\n");
    }

    assertThatThrownBy(() -> EmbeddedPostgres.start(EmbeddedPostgresSettings.in(folder)))
        .isInstanceOf(StartupFailure.class)
        .hasMessageStartingWith("PostgreSQL cannot use its data folder")
        .hasMessageContaining(reason)
        .hasMessageEndingWith("or move it away to start with an empty one.");

    DataFolder.open(folder).close();
  }

  private ProcessHandle postmaster() throws IOException {
    String pid = Files.readAllLines(folder.resolve("cluster/postmaster.pid")).getFirst().strip();
    return ProcessHandle.of(Long.parseLong(pid)).orElseThrow();
  }

  private static Connection connect(EmbeddedPostgres postgres) throws SQLException {
    return DriverManager.getConnection(
        postgres.jdbcUrl("postgres"), postgres.superuser(), postgres.superuserPassword());
  }

  private static void execute(EmbeddedPostgres postgres, String... statements) throws SQLException {
    try (Connection connection = connect(postgres);
        Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }

  private static String query(EmbeddedPostgres postgres, String sql) {
    try (Connection connection = connect(postgres);
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      assertThat(row.next()).isTrue();
      return row.getString(1);
    } catch (SQLException e) {
      throw new AssertionError(sql, e);
    }
  }

  private static Process startInAnotherProcess(Path folder) throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-cp",
            System.getProperty("java.class.path"),
            Starter.class.getName(),
            folder.toString())
        .inheritIO()
        .start();
  }

  static final class Starter {
    private Starter() {}

    static void main(String[] arguments) throws Exception {
      Path folder = Path.of(arguments[0]);
      EmbeddedPostgres.start(EmbeddedPostgresSettings.in(folder));
      Files.writeString(folder.resolve("started"), "");
      Thread.currentThread().join();
    }
  }
}
