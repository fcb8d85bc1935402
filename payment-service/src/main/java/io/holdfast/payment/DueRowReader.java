package io.holdfast.payment;

import java.time.Duration;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient.StatementSpec;

/** How soon a row is due. */
final class DueRowReader {

  private DueRowReader() {}

  /**
   * @param secondsUntilDue a query for the seconds until the earliest row is due, or null
   * @return {@code atMost} if none is due before that
   */
  static Duration untilNextDue(StatementSpec secondsUntilDue, Duration atMost) {
    return secondsUntilDue
        .query((row, _) -> Optional.ofNullable(row.getBigDecimal(1)))
        .single()
        .map(seconds -> Duration.ofMillis(Math.round(Math.ceil(seconds.doubleValue() * 1_000))))
        .filter(delay -> delay.compareTo(atMost) < 0)
        .orElse(atMost);
  }
}
