package io.holdfast.payment;

import io.holdfast.contracts.payment.PaymentContract;
import io.holdfast.messaging.MessagingProperties;
import io.holdfast.messaging.Outbox;
import io.holdfast.messaging.TimerLoop;
import io.holdfast.participant.Settlement;
import io.micrometer.core.instrument.MeterRegistry;
import org.apache.kafka.common.config.TopicConfig;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.kafka.config.TopicBuilder;
import org.springframework.kafka.core.KafkaAdmin;
import org.springframework.transaction.support.TransactionTemplate;

/** The service's wiring. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(PaymentProperties.class)
class PaymentConfiguration {

  @Bean
  PaymentStore paymentStore(
      JdbcClient jdbc, TransactionTemplate transactions, PaymentProperties properties) {
    return new PaymentStore(jdbc, transactions, properties.lease());
  }

  @Bean
  TransferStore transferStore(
      JdbcClient jdbc, TransactionTemplate transactions, PaymentProperties properties) {
    return new TransferStore(jdbc, transactions, properties.lease());
  }

  @Bean
  WebhookStore webhookStore(
      JdbcClient jdbc, TransactionTemplate transactions, PaymentProperties properties) {
    return new WebhookStore(jdbc, transactions, properties.lease());
  }

  @Bean
  StripeConnection stripeConnection(PaymentProperties properties) {
    return new StripeConnection(
        properties.apiBase(),
        properties.apiKey(),
        properties.connectTimeout(),
        properties.answerTimeout());
  }

  @Bean
  StripePaymentProvider paymentProvider(StripeConnection stripe) {
    return new StripePaymentProvider(stripe);
  }

  @Bean
  StripeTransferProvider transferProvider(StripeConnection stripe) {
    return new StripeTransferProvider(stripe);
  }

  @Bean
  TransferWorker transferWorker(
      TransferStore store,
      PaymentStore payments,
      TransferProvider provider,
      Settlement settlement,
      Outbox outbox,
      PaymentProperties properties,
      MeterRegistry metrics) {
    return new TransferWorker(store, payments, provider, settlement, outbox, properties, metrics);
  }

  @Bean
  TimerLoop transferTimer(TransferWorker worker) {
    return worker.timer();
  }

  @Bean
  WebhookWorker webhookWorker(
      WebhookStore store,
      PaymentWorker payments,
      TransferWorker transfers,
      PaymentProperties properties,
      MeterRegistry metrics) {
    return new WebhookWorker(store, payments, transfers, properties, metrics);
  }

  @Bean
  TimerLoop webhookTimer(WebhookWorker worker) {
    return worker.timer();
  }

  @Bean
  ReconciliationStore reconciliationStore(JdbcClient jdbc, TransactionTemplate transactions) {
    return new ReconciliationStore(jdbc, transactions);
  }

  @Bean
  ReconciliationWorker reconciliationWorker(
      ReconciliationStore store,
      PaymentStore payments,
      TransferStore transfers,
      TransferProvider books,
      PaymentProvider provider,
      PaymentWorker worker,
      PaymentProperties properties,
      MeterRegistry metrics) {
    return new ReconciliationWorker(
        store, payments, transfers, books, provider, worker, properties, metrics);
  }

  @Bean
  TimerLoop reconciliationTimer(ReconciliationWorker worker) {
    return worker.timer();
  }

  @Bean
  WebhookSignature webhookSignature(PaymentProperties properties) {
    return new WebhookSignature(properties.webhook().secrets(), properties.webhook().tolerance());
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
  PayoutParticipant payoutParticipant(
      TransferStore transfers, PaymentStore payments, TransferWorker worker) {
    return new PayoutParticipant(transfers, payments, worker);
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

  @Bean
  PaymentWorker paymentWorker(
      PaymentStore store,
      PaymentProvider provider,
      Settlement settlement,
      PaymentProperties properties,
      MeterRegistry metrics) {
    return new PaymentWorker(store, provider, settlement, properties, metrics);
  }

  @Bean
  TimerLoop paymentTimer(PaymentWorker worker) {
    return worker.timer();
  }

  @Bean
  PaymentParticipant paymentParticipant(PaymentStore store, PaymentWorker worker) {
    return new PaymentParticipant(store, worker);
  }
}
