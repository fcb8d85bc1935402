package io.holdfast.embedded;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Makes a database ready for services: a role and a schema for each, the role {@code relay}, the
 * publication {@code holdfast_outbox} and the function {@code holdfast.publish_table} with which a
 * service puts its own outbox into it. The SQL is {@code database-setup.sql}, beside this class; a
 * deployment without this class runs the same file.
 */
public final class DatabaseSetup {

  /** The role, and the schema, of the relay. */
  public static final String RELAY = "relay";

  /** The publication that the relay reads. */
  public static final String PUBLICATION = "holdfast_outbox";

  private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9_]{0,40}");
  private static final Set<String> TAKEN = Set.of(RELAY, "holdfast", "public", "postgres");
  private static final Pattern URL = Pattern.compile("(jdbc:postgresql://[^/]+/)([^?]*)(.*)");

  private DatabaseSetup() {}

  /**
   * Creates what is missing and corrects what differs; safe to repeat, and safe at the same time
   * from several processes.
   *
   * @param superuserJdbcUrl any existing database of the server
   * @param user a superuser
   * @param password the superuser's password
   * @param database the database to prepare, made if missing
   * @param services names of services; role and schema of each have the same name
   * @param passwordOf the password for each role, {@link #RELAY} included
   * @throws SQLException if the server cannot be reached or refuses
   */
  public static void prepare(
      String superuserJdbcUrl,
      String user,
      String password,
      String database,
      List<String> services,
      UnaryOperator<String> passwordOf)
      throws SQLException {
    Matcher url = URL.matcher(superuserJdbcUrl);
    if (!url.matches()) {
      throw new IllegalArgumentException("Not a PostgreSQL URL: " + superuserJdbcUrl);
    }
    requireName(database);
    services.forEach(DatabaseSetup::requireRoleName);
    try (Connection server = DriverManager.getConnection(superuserJdbcUrl, user, password)) {
      lock(server); // until it closes: roles belong to the whole server
      createDatabase(server, database);
      String target = url.group(1) + database + url.group(3);
      try (Connection connection = DriverManager.getConnection(target, user, password)) {
        connection.setAutoCommit(false);
        set(connection, "holdfast.services", String.join(",", services));
        List<String> roles = new ArrayList<>(services);
        roles.add(RELAY);
        for (String role : roles) {
          set(connection, "holdfast.password_" + role, passwordOf.apply(role));
        }
        try (Statement statement = connection.createStatement()) {
          statement.execute(setupSql());
        }
        connection.commit();
      }
    }
  }

  /** The text of {@code database-setup.sql}. */
  static String setupSql() {
    try (InputStream in = DatabaseSetup.class.getResourceAsStream("database-setup.sql")) {
      if (in == null) {
        throw new IllegalStateException("database-setup.sql is missing from the jar");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static final String LOCK = "select pg_advisory_lock(hashtext('holdfast.setup'))";

  private static void lock(Connection server) throws SQLException {
    try (Statement statement = server.createStatement()) {
      statement.setQueryTimeout(60);
      statement.execute(LOCK);
    }
  }

  private static final String DATABASE_EXISTS = "select 1 from pg_database where datname = ?";

  private static void createDatabase(Connection server, String database) throws SQLException {
    try (PreparedStatement query = server.prepareStatement(DATABASE_EXISTS)) {
      query.setString(1, database);
      try (ResultSet found = query.executeQuery()) {
        if (found.next()) {
          return;
        }
      }
    }
    try (Statement statement = server.createStatement()) {
      statement.execute("create database " + statement.enquoteIdentifier(database, true));
    }
  }

  private static final String SET = "select set_config(?, ?, false)";

  private static void set(Connection connection, String name, String value) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(SET)) {
      statement.setString(1, name);
      statement.setString(2, value);
      statement.execute();
    }
  }

  private static void requireName(String name) {
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException(
          "A name has lower-case letters, digits and underscores: " + name);
    }
  }

  private static void requireRoleName(String name) {
    requireName(name);
    if (TAKEN.contains(name)) {
      throw new IllegalArgumentException("This name is taken by the system itself: " + name);
    }
  }
}
