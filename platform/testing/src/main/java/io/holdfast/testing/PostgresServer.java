package io.holdfast.testing;

/** A PostgreSQL server of a test run. Its address stays the same when it dies and comes back. */
public sealed interface PostgresServer extends AutoCloseable
    permits PostgresHere, PostgresInContainer {

  String host();

  int port();

  String superuser();

  String superuserPassword();

  /** As kill -9: no checkpoint, recovery at the next start. */
  void crash();

  /** Stops it if it runs, and starts it on the same data. */
  void restart();

  /**
   * Sends a signal to one of its processes.
   *
   * @param signal such as {@code STOP}
   * @param pid as PostgreSQL knows it
   */
  void signal(String signal, String pid);

  /** Stops it and deletes its data. */
  @Override
  void close();

  /** The URL of a database of this server, without user and password. */
  default String jdbcUrl(String database) {
    return "jdbc:postgresql://%s:%d/%s".formatted(host(), port(), database);
  }
}
