package io.holdfast.messaging;

import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.jdbc.core.simple.JdbcClient;

/** A service with one subscription, wired by the auto-configuration. */
@SpringBootConfiguration
@EnableAutoConfiguration
class MessagingTestApplication {

  static final String CONSUMER = "messaging-test";
  static final String TOPIC = "messaging-test.commands";

  /** Handles a message of this type with an {@link Error}, the first time that it sees it. */
  static final String FATAL_ONCE_TYPE = "test.fatal-once.v1";

  @Bean
  EffectStore effectStore(JdbcClient jdbc) {
    return new EffectStore(jdbc);
  }

  @Bean
  Subscription subscription(EffectStore effects) {
    Set<UUID> seen = ConcurrentHashMap.newKeySet();
    return new Subscription(
        CONSUMER,
        List.of(TOPIC),
        List.of(),
        batch -> {
          for (var message : batch) {
            if (message.type().equals(FATAL_ONCE_TYPE) && seen.add(message.id())) {
              throw new AssertionError("a bug that is no exception");
            }
          }
          effects.store(CONSUMER, batch);
        });
  }
}
