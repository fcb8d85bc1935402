package io.holdfast.payment;

import io.holdfast.messaging.TimerLoop;
import io.holdfast.participant.Settlement;
import io.micrometer.core.instrument.MeterRegistry;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;

/** The service's wiring. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(PaymentProperties.class)
class PaymentConfiguration {

  @Bean
  PaymentStore paymentStore(JdbcClient jdbc, TransactionTemplate transactions) {
    return new PaymentStore(jdbc, transactions);
  }

  @Bean
  StripePaymentProvider paymentProvider(PaymentProperties properties) {
    return new StripePaymentProvider(
        properties.apiBase(),
        properties.apiKey(),
        properties.connectTimeout(),
        properties.answerTimeout());
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
