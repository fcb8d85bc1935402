package io.holdfast.messaging;

import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.support.SqlArrayValue;
import org.springframework.jdbc.support.SqlValue;

/**
 * Columns of a batch as SQL arrays, for {@code unnest}: the one way by which all set-based
 * statements get their rows. They travel in binary; for {@code uuid}, {@code bytea} and {@code
 * bool} the connection has to allow it ({@code binaryTransferEnable} in holdfast-defaults.yaml).
 */
public final class SqlArrays {

  private SqlArrays() {}

  /** One column's value of a row. */
  @FunctionalInterface
  public interface Column<R, C> extends Function<R, @Nullable C> {}

  public static SqlValue uuids(Collection<UUID> values) {
    return new UuidArrayValue(values.toArray(UUID[]::new));
  }

  public static SqlValue texts(Collection<String> values) {
    return new SqlArrayValue("text", (Object[]) values.toArray(String[]::new));
  }

  public static <R> SqlValue uuids(List<R> rows, Column<R, UUID> column) {
    return new UuidArrayValue(values(rows, UUID[]::new, column));
  }

  public static <R> SqlValue texts(List<R> rows, Column<R, String> column) {
    return array("text", rows, String[]::new, column);
  }

  public static <R> SqlValue longs(List<R> rows, Column<R, Long> column) {
    return array("int8", rows, Long[]::new, column);
  }

  public static <R> SqlValue ints(List<R> rows, Column<R, Integer> column) {
    return array("int4", rows, Integer[]::new, column);
  }

  public static <R> SqlValue booleans(List<R> rows, Column<R, Boolean> column) {
    return array("bool", rows, Boolean[]::new, column);
  }

  public static <R> SqlValue bytes(List<R> rows, Column<R, byte[]> column) {
    return array("bytea", rows, byte[][]::new, column);
  }

  /** As text, because the driver takes no arrays of times: cast it with {@code ::timestamptz[]}. */
  public static <R> SqlValue times(List<R> rows, Column<R, Instant> column) {
    return texts(
        rows,
        row -> {
          var time = column.apply(row);
          return time == null ? null : time.toString();
        });
  }

  // Arrays of the right class: the driver sends an Object[] as text.
  private static <R, C> SqlValue array(
      String type, List<R> rows, IntFunction<@Nullable C[]> array, Column<R, C> column) {
    return new SqlArrayValue(type, (Object[]) values(rows, array, column));
  }

  private static <R, C> @Nullable C[] values(
      List<R> rows, IntFunction<@Nullable C[]> array, Column<R, C> column) {
    var values = array.apply(rows.size());
    for (int i = 0; i < values.length; i++) {
      values[i] = column.apply(rows.get(i));
    }
    return values;
  }

  /** The driver sends an array of UUIDs as text; this one goes as it is stored. */
  private record UuidArrayValue(@Nullable UUID[] values) implements SqlValue {

    @Override
    public void setValue(PreparedStatement statement, int index) throws SQLException {
      statement.setObject(index, new UuidArray(values));
    }

    @Override
    public void cleanup() {}
  }
}
