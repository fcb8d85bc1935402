package io.holdfast.payment.webhook;

import io.holdfast.messaging.TimerLoop;
import io.holdfast.payment.PaymentProperties;
import io.holdfast.payment.card.PaymentWorker;
import io.holdfast.payment.transfer.TransferWorker;
import io.micrometer.core.instrument.MeterRegistry;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionOperations;

/** The wiring of notifications. */
@Configuration(proxyBeanMethods = false)
class WebhookConfiguration {

  @Bean
  WebhookStore webhookStore(JdbcClient jdbc, PaymentProperties properties) {
    return new WebhookStore(jdbc, properties.lease());
  }

  @Bean
  WebhookSignature webhookSignature(PaymentProperties properties) {
    return new WebhookSignature(properties.webhook().secrets(), properties.webhook().tolerance());
  }

  @Bean
  WebhookWorker webhookWorker(
      WebhookStore store,
      PaymentWorker payments,
      TransferWorker transfers,
      TransactionOperations transactions,
      PaymentProperties properties,
      MeterRegistry metrics) {
    return new WebhookWorker(store, payments, transfers, transactions, properties, metrics);
  }

  @Bean
  TimerLoop webhookTimer(WebhookWorker worker) {
    return worker.timer();
  }
}
