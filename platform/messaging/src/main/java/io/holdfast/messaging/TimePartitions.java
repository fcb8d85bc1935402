package io.holdfast.messaging;

import java.util.List;
import java.util.concurrent.TimeUnit;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.scheduling.annotation.Scheduled;

/**
 * Creates the partitions of the coming days and drops those whose retention is over. Partitions of
 * the outbox are closed first and dropped by a later run, once the relay has passed them.
 * Idempotent, any instance may.
 */
public final class TimePartitions {

  private static final int DAYS_AHEAD = 7;

  private final JdbcClient jdbc;
  private final List<PartitionedTable> tables;

  TimePartitions(JdbcClient jdbc, List<PartitionedTable> tables) {
    this.jdbc = jdbc;
    this.tables = List.copyOf(tables);
  }

  /** Every hour: partitions that are made a week ahead leave time for failures. */
  @Scheduled(initialDelay = 1, fixedDelay = 1, timeUnit = TimeUnit.HOURS)
  public void maintain() {
    for (var table : tables) {
      create(table.name());
      drop(table.name(), table.retention().toDays());
    }
  }

  private static final String CREATE =
      """
      select create_day_partition(?::regclass, day::date)
      from generate_series(current_date - 1, current_date + ?, interval '1 day') day
      """;

  private void create(String table) {
    jdbc.sql(CREATE).params(table, DAYS_AHEAD).query(String.class).list();
  }

  private static final String DROP =
      """
      select drop_day_partitions(?::regclass, current_date - ?)
      """;

  private void drop(String table, long days) {
    jdbc.sql(DROP).params(table, Math.toIntExact(days + 1)).query(Integer.class).single();
  }
}
