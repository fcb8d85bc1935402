package io.holdfast.messaging;

import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.config.TopicConfig;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.kafka.autoconfigure.KafkaProperties;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.DependsOn;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.kafka.config.TopicBuilder;
import org.springframework.kafka.core.KafkaAdmin;
import org.springframework.scheduling.annotation.EnableScheduling;
import org.springframework.transaction.support.TransactionTemplate;

/** Gives a service its outbox, and a consumer for each {@link Subscription} that it declares. */
@AutoConfiguration(
    afterName = {
      "org.springframework.boot.jdbc.autoconfigure.JdbcClientAutoConfiguration",
      "org.springframework.boot.flyway.autoconfigure.FlywayAutoConfiguration",
      "org.springframework.boot.kafka.autoconfigure.KafkaAutoConfiguration",
      "org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration"
    })
@EnableConfigurationProperties(MessagingProperties.class)
@EnableScheduling
class MessagingAutoConfiguration {

  @Bean
  Outbox outbox(JdbcClient jdbc) {
    return new Outbox(jdbc);
  }

  @Bean
  PartitionedTable outboxTable(MessagingProperties properties) {
    return new PartitionedTable("outbox", properties.outboxRetention());
  }

  @Bean
  PartitionedTable inboxTable(MessagingProperties properties) {
    return new PartitionedTable("inbox", properties.inboxRetention());
  }

  /** Partitions exist before anything is consumed or accepted. */
  @Bean
  @DependsOn("flywayInitializer")
  TimePartitions timePartitions(JdbcClient jdbc, List<PartitionedTable> tables) {
    var partitions = new TimePartitions(jdbc, tables);
    partitions.maintain();
    return partitions;
  }

  @Bean
  KafkaAdmin.NewTopics holdfastTopics(
      ObjectProvider<Subscription> single,
      ObjectProvider<Subscriptions> several,
      MessagingProperties properties) {
    var names = new TreeSet<String>();
    all(single, several)
        .forEach(
            subscription ->
                Stream.of(subscription.reads(), subscription.writes()).forEach(names::addAll));
    return new KafkaAdmin.NewTopics(
        names.stream().map(name -> topic(name, properties)).toArray(NewTopic[]::new));
  }

  private static Stream<Subscription> all(
      ObjectProvider<Subscription> single, ObjectProvider<Subscriptions> several) {
    return Stream.concat(
        single.stream(), several.stream().flatMap(subscriptions -> subscriptions.all().stream()));
  }

  private static NewTopic topic(String name, MessagingProperties properties) {
    return TopicBuilder.name(name)
        .partitions(properties.partitions())
        .replicas(properties.replicationFactor())
        .config(TopicConfig.RETENTION_MS_CONFIG, "" + properties.topicRetention().toMillis())
        .config(TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_DELETE)
        .build();
  }

  @Bean
  @DependsOn("timePartitions")
  BatchConsumers batchConsumers(
      ObjectProvider<Subscription> single,
      ObjectProvider<Subscriptions> several,
      JdbcClient jdbc,
      TransactionTemplate transactions,
      KafkaProperties kafka,
      MessagingProperties properties,
      MeterRegistry metrics,
      ApplicationEventPublisher events) {
    var inbox = new Inbox(jdbc);
    var parked = new ParkedMessageStore(jdbc);
    return new BatchConsumers(
        all(single, several)
            .map(
                subscription ->
                    BatchConsumers.container(
                        subscription,
                        new BatchConsumer(subscription, inbox, parked, transactions, metrics),
                        kafka,
                        properties,
                        events))
            .toList());
  }
}
