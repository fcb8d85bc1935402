package io.holdfast.order;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.sql.DataSource;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.jdbc.datasource.DelegatingDataSource;

/** Remembers what the placement writers prepare, so that statements can be counted. */
@TestConfiguration(proxyBeanMethods = false)
class Statements {

  /** The statements of the placement writers. */
  record Prepared(List<String> byPlacement) {}

  @Bean
  static Prepared prepared() {
    return new Prepared(new CopyOnWriteArrayList<>());
  }

  @Bean
  static BeanPostProcessor watchedDataSource(ObjectProvider<Prepared> prepared) {
    return new BeanPostProcessor() {
      @Override
      public Object postProcessAfterInitialization(Object bean, String name) {
        return bean instanceof DataSource source
            ? new WatchedDataSource(source, prepared.getObject())
            : bean;
      }
    };
  }

  private static final class WatchedDataSource extends DelegatingDataSource {

    private final Prepared prepared;

    WatchedDataSource(DataSource target, Prepared prepared) {
      super(target);
      this.prepared = prepared;
    }

    @Override
    public Connection getConnection() throws SQLException {
      var connection = super.getConnection();
      if (!Thread.currentThread().getName().startsWith("placement-")) {
        return connection;
      }
      return (Connection)
          Proxy.newProxyInstance(
              Connection.class.getClassLoader(),
              new Class<?>[] {Connection.class},
              (_, method, args) -> {
                if (method.getName().equals("prepareStatement")) {
                  prepared.byPlacement().add((String) args[0]);
                }
                try {
                  return method.invoke(connection, args);
                } catch (InvocationTargetException e) {
                  throw e.getCause();
                }
              });
    }
  }
}
