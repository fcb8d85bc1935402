package io.holdfast.testing;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.jdbc.datasource.DelegatingDataSource;

/**
 * Counts the prepared statements that a thread executes. A bean of every {@link HoldfastTest}: what
 * a store promises about its statements per batch is a fact and not a hope.
 */
public final class StatementCounter implements BeanPostProcessor {

  private final Map<Thread, List<String>> executed = new ConcurrentHashMap<>();

  /** The SQL of every statement that {@code work} executes on this thread, in order. */
  public List<String> executedBy(Runnable work) {
    var statements = new ArrayList<String>();
    executed.put(Thread.currentThread(), statements);
    try {
      work.run();
    } finally {
      executed.remove(Thread.currentThread());
    }
    return List.copyOf(statements);
  }

  /**
   * How many transactions a batch took: more than one if it was redone or halved, as it is when a
   * constraint fires that the code should have been ahead of.
   */
  public static long attempts(List<String> executed) {
    return executed.stream().filter(sql -> sql.startsWith("insert into inbox")).count();
  }

  @Override
  public Object postProcessAfterInitialization(Object bean, String beanName) {
    return bean instanceof DataSource dataSource ? new Counting(dataSource) : bean;
  }

  private final class Counting extends DelegatingDataSource {

    Counting(DataSource target) {
      super(target);
    }

    @Override
    public Connection getConnection() throws SQLException {
      var connection = super.getConnection();
      return proxy(
          Connection.class,
          connection,
          (result, method, arguments) ->
              result instanceof PreparedStatement statement && arguments != null
                  ? counting(statement, String.valueOf(arguments[0]))
                  : result);
    }
  }

  private PreparedStatement counting(PreparedStatement statement, String sql) {
    return proxy(
        PreparedStatement.class,
        statement,
        (result, method, _) -> {
          var statements = executed.get(Thread.currentThread());
          if (statements != null && method.startsWith("execute")) {
            statements.add(sql);
          }
          return result;
        });
  }

  /** Looks at the result of a call. */
  @FunctionalInterface
  private interface After {
    @Nullable Object call(@Nullable Object result, String method, Object @Nullable [] arguments);
  }

  private static <T> T proxy(Class<T> type, T target, After after) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (_, method, arguments) -> {
              try {
                return after.call(method.invoke(target, arguments), method.getName(), arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause() == null ? e : e.getCause();
              }
            }));
  }
}
