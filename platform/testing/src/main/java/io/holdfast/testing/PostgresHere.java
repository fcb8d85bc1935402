package io.holdfast.testing;

import io.holdfast.embedded.EmbeddedPostgres;
import io.holdfast.embedded.EmbeddedPostgresSettings;
import java.util.Map;

/** A server that this JVM starts. */
final class PostgresHere implements PostgresServer {

  private final TemporaryFolder folder = TemporaryFolder.create("postgres");
  private final EmbeddedPostgres server;

  PostgresHere(Map<String, String> settings) {
    server =
        EmbeddedPostgres.start(
            new EmbeddedPostgresSettings(folder.path().resolve("data"), 0, settings));
  }

  @Override
  public String host() {
    return "127.0.0.1";
  }

  @Override
  public int port() {
    return server.port();
  }

  @Override
  public String superuser() {
    return server.superuser();
  }

  @Override
  public String superuserPassword() {
    return server.superuserPassword();
  }

  @Override
  public void crash() {
    server.kill();
  }

  @Override
  public void restart() {
    server.restart();
  }

  @Override
  public void close() {
    server.close();
    folder.delete();
  }
}
