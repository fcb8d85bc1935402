package io.holdfast.benchmarks;

import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;

/** What each kind of SQL statement of the services has cost PostgreSQL, as it counts itself. */
final class StatementCosts {

  private static final int SHOWN = 20;
  private static final int TEXT_LENGTH = 90;

  private final JdbcClient jdbc;

  StatementCosts(JdbcClient jdbc) {
    this.jdbc = jdbc;
    jdbc.sql("create extension if not exists pg_stat_statements").update();
  }

  /** One kind of statement of one service, whatever its parameters. */
  private record Statement(
      String role, String text, long calls, double millis, long rows, long pages, long walRecords) {

    String row(long orders) {
      String squeezed = text.strip().replaceAll("\\s+", " ");
      return "  %8.1f us  %7.4f calls  %6.1f pages  %5.1f records  %8.3f ms  %7.1f rows  %-9s %s"
          .formatted(
              millis * 1_000 / orders,
              (double) calls / orders,
              (double) pages / orders,
              (double) walRecords / orders,
              millis / calls,
              (double) rows / calls,
              role,
              squeezed.substring(0, Math.min(TEXT_LENGTH, squeezed.length())));
    }
  }

  /** Forgets what was counted so far. */
  void reset() {
    jdbc.sql("select pg_stat_statements_reset()").query().singleRow();
  }

  /** Statements run; beginning and ending a transaction are none. */
  long calls() {
    return total("calls");
  }

  /** Pages of 8 kB that they have touched, each as often as it was. */
  long pages() {
    return total("shared_blks_hit + shared_blks_read");
  }

  /** Pages that they had to fetch from the operating system. */
  long pagesRead() {
    return total("shared_blks_read");
  }

  private long total(String what) {
    String sql =
        """
        select coalesce(sum(%s), 0)::bigint from pg_stat_statements
        where dbid = (select oid from pg_database where datname = current_database())
          and userid <> current_user::regrole and query not in ('BEGIN', 'COMMIT', 'ROLLBACK')
        """
            .formatted(what);
    return jdbc.sql(sql).query(Long.class).single();
  }

  private static final String MOST_COSTLY =
      """
      select userid::regrole::text as role, query, calls, total_exec_time, rows,
        shared_blks_hit + shared_blks_read as pages, wal_records
      from pg_stat_statements
      where dbid = (select oid from pg_database where datname = current_database())
        and userid <> current_user::regrole
      order by total_exec_time desc limit ?
      """;

  /** Says, per order, which statements took longest altogether. */
  void say(long orders) {
    Bench.say(
        "  statements: time, calls, pages and log records of an order; time and rows of a call");
    statements().forEach(statement -> Bench.say(statement.row(orders)));
  }

  private List<Statement> statements() {
    return jdbc.sql(MOST_COSTLY)
        .param(SHOWN)
        .query(
            (row, _) ->
                new Statement(
                    row.getString("role"),
                    row.getString("query"),
                    row.getLong("calls"),
                    row.getDouble("total_exec_time"),
                    row.getLong("rows"),
                    row.getLong("pages"),
                    row.getLong("wal_records")))
        .list();
  }
}
