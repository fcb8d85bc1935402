package io.holdfast.payment.transfer;

import io.holdfast.contracts.payment.PaymentContract;
import io.holdfast.messaging.MessagingProperties;
import io.holdfast.messaging.Outbox;
import io.holdfast.messaging.TimerLoop;
import io.holdfast.participant.Settlement;
import io.holdfast.payment.PaymentProperties;
import io.holdfast.payment.card.PaymentStore;
import io.holdfast.payment.provider.TransferProvider;
import io.micrometer.core.instrument.MeterRegistry;
import org.apache.kafka.common.config.TopicConfig;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.kafka.config.TopicBuilder;
import org.springframework.kafka.core.KafkaAdmin;
import org.springframework.transaction.support.TransactionOperations;

/** The wiring of refunds, payouts and top-ups. */
@Configuration(proxyBeanMethods = false)
class TransferConfiguration {

  @Bean
  TransferStore transferStore(JdbcClient jdbc, PaymentProperties properties) {
    return new TransferStore(jdbc, properties.lease());
  }

  @Bean
  TransferWorker transferWorker(
      TransferStore store,
      PaymentStore payments,
      TransferProvider provider,
      Settlement settlement,
      Outbox outbox,
      TransactionOperations transactions,
      PaymentProperties properties,
      MeterRegistry metrics) {
    return new TransferWorker(
        store, payments, provider, settlement, outbox, transactions, properties, metrics);
  }

  @Bean
  TimerLoop transferTimer(TransferWorker worker) {
    return worker.timer();
  }

  @Bean
  RefundParticipant refundParticipant(
      PaymentStore payments,
      TransferStore transfers,
      TransferWorker worker,
      MeterRegistry metrics) {
    return new RefundParticipant(payments, transfers, worker, metrics);
  }

  @Bean
  PayoutParticipant payoutParticipant(TransferStore transfers, TransferWorker worker) {
    return new PayoutParticipant(transfers, worker);
  }

  /** Nothing here reads it, so no subscription makes it. */
  @Bean
  KafkaAdmin.NewTopics paymentEventsTopic(MessagingProperties properties) {
    return new KafkaAdmin.NewTopics(
        TopicBuilder.name(PaymentContract.EVENTS_TOPIC)
            .partitions(properties.partitions())
            .replicas(properties.replicationFactor())
            .config(TopicConfig.RETENTION_MS_CONFIG, "" + properties.topicRetention().toMillis())
            .build());
  }
}
