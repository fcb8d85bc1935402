package io.holdfast.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DatabaseSetupIT {

  private static final String DATABASE = "holdfast";
  private static final List<String> SERVICES =
      List.of("orders", "inventory", "wallet", "payment", "saga");

  @TempDir static Path folder;
  private static EmbeddedPostgres postgres;

  @BeforeAll
  static void prepareTwice() throws SQLException {
    postgres = EmbeddedPostgres.start(EmbeddedPostgresSettings.in(folder));
    prepare(DATABASE, SERVICES);
    for (String service : SERVICES) {
      as(
          service,
          "create table outbox (id bigint, created_at timestamptz) partition by range (created_at)",
          "create table outbox_1 partition of outbox default",
          "create table secrets (x int)",
          "select holdfast.publish_table('outbox')",
          "select holdfast.publish_table('outbox')");
    }
    prepare(DATABASE, SERVICES);
  }

  @AfterAll
  static void stop() {
    postgres.stop();
  }

  @Test
  void givesEachServiceASchemaOfItsOwn() throws SQLException {
    assertThat(as("wallet", "select current_schema()")).containsExactly("wallet");
    as("wallet", "insert into outbox values (1, now())", "delete from outbox");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "select * from inventory.secrets",
        "select * from inventory.outbox",
        "create table inventory.mine (x int)",
        "create table public.mine (x int)",
        "create table holdfast.mine (x int)",
        "create schema mine",
        "set role inventory",
        "drop publication holdfast_outbox"
      })
  void keepsAServiceOutOfEverythingElse(String sql) {
    assertThatThrownBy(() -> as("wallet", sql))
        .isInstanceOf(SQLException.class)
        .hasMessageMatching("(?s).*(permission denied|must be owner).*");
  }

  @Test
  void letsTheRelayReadOutboxesAndNothingMore() throws SQLException {
    as("relay", "select * from wallet.outbox", "select * from orders.outbox");

    for (String sql :
        List.of(
            "insert into wallet.outbox values (1, now())",
            "delete from wallet.outbox",
            "select * from wallet.secrets",
            "create table wallet.mine (x int)")) {
      assertThatThrownBy(() -> as("relay", sql)).hasMessageContaining("permission denied");
    }
  }

  @Test
  void letsTheRelayPublishItsHeartbeat() throws SQLException {
    as(
        "relay",
        "create table relay_heartbeat (x int)",
        "select holdfast.publish_table('relay_heartbeat')");

    assertThat(published()).contains("relay.relay_heartbeat");
    as("relay", "drop table relay_heartbeat");
  }

  @Test
  void publishesInsertsOfPartitionedOutboxesUnderTheirRoot() throws SQLException {
    assertThat(published())
        .contains(
            "inventory.outbox", "orders.outbox", "payment.outbox", "saga.outbox", "wallet.outbox");
    assertThat(
            asSuperuser(
                "select pubinsert, pubupdate, pubdelete, pubtruncate, pubviaroot from pg_publication"))
        .containsExactly("t f f f t");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          wallet.secrets    | only outbox and relay_heartbeat are published
          """)
  void publishesNoOtherTable(String table, String reason) {
    assertThatThrownBy(() -> as("wallet", "select holdfast.publish_table('" + table + "')"))
        .hasMessageContaining(reason);
  }

  @Test
  void publishesNoTableOfAnotherService() throws SQLException {
    String foreign = asSuperuser("select 'inventory.outbox'::regclass::oid").getFirst();

    assertThatThrownBy(() -> as("wallet", "select holdfast.publish_table(" + foreign + ")"))
        .hasMessageContaining("belongs to inventory, not to wallet");
  }

  @Test
  @Tag("F39")
  void limitsWhatAServiceMayHoldUp() throws SQLException {
    Map.of(
            "statement_timeout", "30s",
            "lock_timeout", "10s",
            "idle_in_transaction_session_timeout", "5s")
        .forEach(
            (name, value) -> {
              try {
                assertThat(as("saga", "show " + name)).as(name).containsExactly(value);
              } catch (SQLException e) {
                throw new AssertionError(name, e);
              }
            });
    assertThat(as("relay", "show statement_timeout")).containsExactly("0");
    assertThat(
            asSuperuser(
                "select rolname from pg_roles where rolreplication and not rolsuper order by 1"))
        .containsExactly("relay");
  }

  @Test
  void worksForADatabaseOfEachService() throws SQLException {
    prepare("wallet_only", List.of("wallet"));

    try (Connection connection =
        DriverManager.getConnection(
            postgres.jdbcUrl("wallet_only"), "wallet", passwordOf("wallet"))) {
      assertThat(run(connection, "select current_schema()")).containsExactly("wallet");
    }
    assertThatThrownBy(
            () ->
                DriverManager.getConnection(
                    postgres.jdbcUrl("wallet_only"), "inventory", passwordOf("inventory")))
        .hasMessageContaining("permission denied for database");
  }

  @Test
  void mayRunInSeveralProcessesAtOnce() throws Exception {
    try (var pool = Executors.newFixedThreadPool(4)) {
      Callable<Boolean> prepare =
          () -> {
            prepare("at_once", SERVICES);
            return true;
          };

      for (var done : pool.invokeAll(List.of(prepare, prepare, prepare, prepare))) {
        assertThat(done.get(60, TimeUnit.SECONDS)).isTrue();
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"relay", "public", "Wallet", "a; drop", ""})
  void refusesNamesThatCannotBeRoles(String name) {
    assertThatThrownBy(() -> prepare(DATABASE, List.of(name)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void hasAnEmptyLineOnlyBetweenStatements() {
    // `postgres --single -j` ends a statement there
    for (String statement : DatabaseSetup.setupSql().split(";\n\n")) {
      long quotes = statement.lines().filter(line -> line.contains("$$")).count();
      assertThat(quotes).as(statement).isEven();
    }
  }

  private static String passwordOf(String role) {
    return role + "'s \\password";
  }

  private static void prepare(String database, List<String> services) throws SQLException {
    DatabaseSetup.prepare(
        postgres.jdbcUrl("postgres"),
        postgres.superuser(),
        postgres.superuserPassword(),
        database,
        services,
        DatabaseSetupIT::passwordOf);
  }

  private static List<String> published() throws SQLException {
    return asSuperuser("select schemaname || '.' || tablename from pg_publication_tables");
  }

  private static List<String> as(String role, String... statements) throws SQLException {
    try (Connection connection =
        DriverManager.getConnection(postgres.jdbcUrl(DATABASE), role, passwordOf(role))) {
      return run(connection, statements);
    }
  }

  private static List<String> asSuperuser(String sql) throws SQLException {
    try (Connection connection =
        DriverManager.getConnection(
            postgres.jdbcUrl(DATABASE), postgres.superuser(), postgres.superuserPassword())) {
      return run(connection, sql);
    }
  }

  private static List<String> run(Connection connection, String... statements) throws SQLException {
    List<String> rows = new ArrayList<>();
    try (Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        if (!statement.execute(sql)) {
          continue;
        }
        try (ResultSet result = statement.getResultSet()) {
          int columns = result.getMetaData().getColumnCount();
          while (result.next()) {
            List<String> row = new ArrayList<>();
            for (int column = 1; column <= columns; column++) {
              row.add(result.getString(column));
            }
            rows.add(String.join(" ", row));
          }
        }
      }
    }
    return rows;
  }
}
