package io.holdfast.payment.card;

import io.holdfast.messaging.TimerLoop;
import io.holdfast.participant.Settlement;
import io.holdfast.payment.PaymentProperties;
import io.holdfast.payment.provider.PaymentProvider;
import io.micrometer.core.instrument.MeterRegistry;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionOperations;

/** The wiring of card payments. */
@Configuration(proxyBeanMethods = false)
class CardConfiguration {

  @Bean
  PaymentStore paymentStore(JdbcClient jdbc, PaymentProperties properties) {
    return new PaymentStore(jdbc, properties.lease());
  }

  @Bean
  PaymentWorker paymentWorker(
      PaymentStore store,
      Refunds refunds,
      PaymentProvider provider,
      Settlement settlement,
      TransactionOperations transactions,
      PaymentProperties properties,
      MeterRegistry metrics) {
    return new PaymentWorker(
        store, refunds, provider, settlement, transactions, properties, metrics);
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
