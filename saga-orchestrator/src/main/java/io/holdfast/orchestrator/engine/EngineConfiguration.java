package io.holdfast.orchestrator.engine;

import io.holdfast.contracts.saga.SagaContract;
import io.holdfast.messaging.Outbox;
import io.holdfast.messaging.PartitionedTable;
import io.holdfast.messaging.Subscription;
import io.holdfast.messaging.TimerLoop;
import io.holdfast.saga.SagaDefinition;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.ArrayList;
import java.util.List;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.DependsOn;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;

/** Wires the engine. Every bean of type {@link SagaDefinition} is run by it. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(EngineProperties.class)
class EngineConfiguration {

  @Bean
  SagaDefinitions sagaDefinitions(List<SagaDefinition<?>> definitions) {
    return new SagaDefinitions(definitions);
  }

  @Bean
  SagaEngine sagaEngine(
      SagaDefinitions definitions,
      JdbcClient jdbc,
      Outbox outbox,
      TransactionTemplate transactions,
      EngineProperties properties,
      MeterRegistry metrics) {
    var store = new SagaStore(jdbc, definitions, properties);
    return new SagaEngine(definitions, store, outbox, transactions, properties, metrics);
  }

  @Bean
  Subscription sagaSubscription(
      SagaDefinitions definitions, SagaEngine engine, TimerLoop sagaTimer) {
    var reads = new ArrayList<>(definitions.replyTopics());
    reads.add(SagaContract.REQUESTS_TOPIC);
    var writes = new ArrayList<>(definitions.commandTopics());
    writes.add(SagaContract.EVENTS_TOPIC);
    return new Subscription(
        "saga",
        reads,
        writes,
        batch -> {
          engine.handle(batch);
          sagaTimer.wakeUpIn(engine.soonestAction());
        },
        engine.startGate());
  }

  @Bean
  @DependsOn("timePartitions")
  TimerLoop sagaTimer(SagaEngine engine) {
    engine.reportStranded();
    return new TimerLoop("saga", engine);
  }

  @Bean
  PartitionedTable sagaHistoryTable(EngineProperties properties) {
    return new PartitionedTable("saga_history", properties.historyRetention());
  }
}
