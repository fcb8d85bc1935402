package io.holdfast.benchmarks;

import io.holdfast.quickstart.Platform;
import io.holdfast.quickstart.PlatformSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/** PostgreSQL and Kafka of a platform, set as every system of the comparison has them. */
public record Servers(
    String databaseUrl,
    String superuser,
    String superuserPassword,
    String kafka,
    long postgresPid) {

  /**
   * A checkpoint every five minutes is PostgreSQL's own default, the embedded server's is one:
   * after each, pages are logged whole. The library counts statements.
   */
  private static final Map<String, String> POSTGRES_SETTINGS =
      Map.of(
          "shared_buffers", "512MB",
          "max_connections", "300",
          "checkpoint_timeout", "5min",
          "max_wal_size", "4GB",
          "shared_preload_libraries", "pg_stat_statements");

  static PlatformSettings settings(Path data, List<String> serviceArguments) {
    return PlatformSettings.onFreePorts(data, serviceArguments)
        .withPostgresSettings(POSTGRES_SETTINGS);
  }

  static Servers of(Platform platform) throws IOException {
    return new Servers(
        platform.databaseUrl(),
        platform.postgres().superuser(),
        platform.postgres().superuserPassword(),
        platform.kafka().bootstrapServers(),
        postgresPid(platform.settings().data()));
  }

  private static long postgresPid(Path data) throws IOException {
    return Long.parseLong(
        Files.readAllLines(data.resolve("postgres/cluster/postmaster.pid")).getFirst().trim());
  }

  /** Reads and writes every schema. */
  public JdbcClient superuserClient() {
    return JdbcClient.create(
        new DriverManagerDataSource(databaseUrl, superuser, superuserPassword));
  }
}
