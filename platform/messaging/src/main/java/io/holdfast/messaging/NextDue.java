package io.holdfast.messaging;

import java.time.Duration;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;

/** When the next row of a table is due, by its column {@code next_action_at}. */
public final class NextDue {

  private final JdbcClient jdbc;
  private final String sql;

  /**
   * @param table whose column {@code next_action_at} is null where nothing is to be done
   */
  public NextDue(JdbcClient jdbc, String table) {
    this.jdbc = jdbc;
    this.sql =
        """
        select extract(epoch from min(next_action_at) - clock_timestamp())
        from %s
        where next_action_at is not null
        """
            .formatted(table);
  }

  /** How long until the next row is due; {@code atMost} if none is before that. */
  public Duration in(Duration atMost) {
    return jdbc.sql(sql)
        .query((row, _) -> Optional.ofNullable(row.getBigDecimal(1)))
        .single()
        .map(seconds -> Duration.ofMillis(Math.round(Math.ceil(seconds.doubleValue() * 1_000))))
        .filter(delay -> delay.compareTo(atMost) < 0)
        .orElse(atMost);
  }
}
