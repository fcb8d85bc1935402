package io.holdfast.messaging;

import java.util.Collection;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.support.SqlArrayValue;
import org.springframework.jdbc.support.SqlValue;

/**
 * Columns of a batch as SQL arrays, for {@code unnest}: the one way by which all set-based
 * statements get their rows.
 */
public final class SqlArrays {

  private SqlArrays() {}

  public static SqlValue uuids(Collection<UUID> values) {
    return new SqlArrayValue("uuid", values.toArray());
  }

  public static <R> SqlValue uuids(List<R> rows, Function<R, @Nullable UUID> column) {
    return array("uuid", rows, column);
  }

  public static <R> SqlValue texts(List<R> rows, Function<R, @Nullable String> column) {
    return array("text", rows, column);
  }

  public static <R> SqlValue longs(List<R> rows, Function<R, @Nullable Long> column) {
    return array("int8", rows, column);
  }

  public static <R> SqlValue ints(List<R> rows, Function<R, @Nullable Integer> column) {
    return array("int4", rows, column);
  }

  public static <R> SqlValue booleans(List<R> rows, Function<R, @Nullable Boolean> column) {
    return array("bool", rows, column);
  }

  private static <R> SqlValue array(
      String type, List<R> rows, Function<R, ? extends @Nullable Object> column) {
    return new SqlArrayValue(type, rows.stream().map(column).toArray());
  }
}
