package io.holdfast.relay;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.HashMap;
import java.util.Map;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.kafka.autoconfigure.KafkaConnectionDetails;
import org.springframework.boot.kafka.autoconfigure.KafkaProperties;
import org.springframework.context.annotation.Bean;

/** Runs the relay in any service with {@code holdfast.relay.enabled=true}. */
@AutoConfiguration(
    afterName = {
      "org.springframework.boot.kafka.autoconfigure.KafkaAutoConfiguration",
      "org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration"
    })
@ConditionalOnProperty("holdfast.relay.enabled")
@EnableConfigurationProperties(RelayProperties.class)
public final class RelayAutoConfiguration {

  @Bean
  OutboxRelay outboxRelay(
      RelayProperties properties,
      KafkaProperties kafka,
      KafkaConnectionDetails brokers,
      ObjectProvider<MeterRegistry> registry) {
    return new OutboxRelay(
        new RelaySettings(
            properties.database().host(),
            properties.database().port(),
            properties.database().name(),
            properties.database().user(),
            properties.database().password(),
            properties.database().sslMode(),
            properties.slot(),
            properties.publication(),
            producerSettings(kafka, brokers)),
        registry.getIfAvailable(SimpleMeterRegistry::new));
  }

  private static Map<String, Object> producerSettings(
      KafkaProperties kafka, KafkaConnectionDetails brokers) {
    var settings = new HashMap<>(kafka.buildProducerProperties());
    settings.put("bootstrap.servers", brokers.getProducer().getBootstrapServers());
    String protocol = brokers.getProducer().getSecurityProtocol();
    if (protocol != null) {
      settings.put("security.protocol", protocol);
    }
    return settings;
  }

  @Bean
  RelayLifecycle outboxRelayLifecycle(OutboxRelay relay) {
    return new RelayLifecycle(relay);
  }

  @Bean
  RelayHealth outboxRelayHealthIndicator(OutboxRelay relay) {
    return new RelayHealth(relay);
  }
}
