package io.holdfast.testing;

import io.holdfast.embedded.EmbeddedPostgres;
import io.holdfast.embedded.EmbeddedPostgresSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
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
  public void signal(String signal, String pid) {
    try {
      int status = new ProcessBuilder("kill", "-" + signal, pid).start().waitFor();
      if (status != 0) {
        throw new IllegalStateException("kill -%s %s ended with %d".formatted(signal, pid, status));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  @Override
  public void close() {
    server.close();
    folder.delete();
  }
}
