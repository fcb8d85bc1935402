package io.holdfast.testing;

import java.util.Map;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.MapPropertySource;

/**
 * Points a context at a database of its own and at this run's Kafka broker, and counts its
 * statements.
 */
public final class FreshDatabase
    implements ApplicationContextInitializer<ConfigurableApplicationContext> {

  @Override
  public void initialize(ConfigurableApplicationContext context) {
    var counter = new StatementCounter();
    context.getBeanFactory().registerSingleton("statementCounter", counter);
    context.getBeanFactory().addBeanPostProcessor(counter);
    context
        .getEnvironment()
        .getPropertySources()
        .addFirst(
            new MapPropertySource(
                "test-servers",
                Map.of(
                    "spring.datasource.url", TestServers.freshDatabase(),
                    "spring.datasource.password", TestServers.PASSWORD,
                    "spring.kafka.bootstrap-servers", TestServers.kafka().bootstrapServers())));
  }
}
