package io.holdfast.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.quickstart.Audit;
import io.holdfast.quickstart.Platform;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/** What the databases hold, all schemas at once. */
final class Books {

  private final JdbcClient jdbc;
  private final Audit audit;

  Books(Platform platform) {
    this.jdbc =
        JdbcClient.create(
            new DriverManagerDataSource(
                platform.databaseUrl(),
                platform.postgres().superuser(),
                platform.postgres().superuserPassword()));
    this.audit = new Audit(jdbc);
  }

  /** Waits until everything has come to rest and adds up. */
  void balance(Duration limit) {
    Awaitility.await("books that balance")
        .atMost(limit)
        .pollInterval(Duration.ofMillis(500))
        .untilAsserted(() -> assertThat(audit.differences()).isEmpty());
  }

  /** Transactions that the database has done so far, by anybody. */
  long transactions() {
    return count(
        "select xact_commit + xact_rollback from pg_stat_database where datname = current_database()");
  }

  long count(String sql) {
    return jdbc.sql(sql).query(Long.class).single();
  }
}
