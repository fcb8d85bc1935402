package io.holdfast.messaging;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.testing.TestServers;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

/** What goes into a statement as columns comes out as the same rows. */
class SqlArraysIT extends RunningMessaging {

  private record Row(
      @Nullable UUID id,
      @Nullable String text,
      @Nullable Long count,
      @Nullable Integer number,
      @Nullable Boolean yes,
      byte @Nullable [] bytes) {}

  private static final List<Row> ROWS =
      List.of(
          new Row(UuidV7.next(), "ü{,}\"", Long.MAX_VALUE, -1, true, new byte[] {0, -1}),
          new Row(null, null, null, null, null, null),
          new Row(new UUID(-1, -1), "", 0L, 0, false, new byte[0]));

  private static final String UNNEST =
      """
      select id, text, count, number, yes, bytes
      from unnest(?::uuid[], ?::text[], ?::bigint[], ?::integer[], ?::boolean[], ?::bytea[])
        as t (id, text, count, number, yes, bytes)
      """;

  private static List<Row> throughTheDatabase(JdbcClient jdbc, List<Row> rows) {
    return jdbc.sql(UNNEST)
        .param(SqlArrays.uuids(rows, Row::id))
        .param(SqlArrays.texts(rows, Row::text))
        .param(SqlArrays.longs(rows, Row::count))
        .param(SqlArrays.ints(rows, Row::number))
        .param(SqlArrays.booleans(rows, Row::yes))
        .param(SqlArrays.bytes(rows, Row::bytes))
        .query(
            (row, _) ->
                new Row(
                    row.getObject("id", UUID.class),
                    row.getString("text"),
                    row.getObject("count", Long.class),
                    row.getObject("number", Integer.class),
                    row.getObject("yes", Boolean.class),
                    row.getBytes("bytes")))
        .list();
  }

  @Test
  void rowsAreTheSameAgain() {
    assertThat(throughTheDatabase(jdbc, ROWS)).usingRecursiveComparison().isEqualTo(ROWS);
  }

  @Test
  void noRowsAreNoRows() {
    assertThat(throughTheDatabase(jdbc, List.of())).isEmpty();
  }

  /** A service with a connection of its own making must lose nothing, only time. */
  @Test
  void rowsAreTheSameOnAConnectionThatDoesNotAllowBinary() throws SQLException {
    var server = TestServers.postgres();
    try (var connection =
        DriverManager.getConnection(
            server.jdbcUrl(database()), server.superuser(), server.superuserPassword())) {
      var plain = JdbcClient.create(new SingleConnectionDataSource(connection, true));

      assertThat(throughTheDatabase(plain, ROWS)).usingRecursiveComparison().isEqualTo(ROWS);
      assertThat(throughTheDatabase(plain, Collections.nCopies(300, ROWS.getFirst()))).hasSize(300);
    }
  }
}
