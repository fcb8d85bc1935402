package io.holdfast.payment.reconciliation;

import io.holdfast.messaging.TimerLoop;
import io.holdfast.payment.PaymentProperties;
import io.holdfast.payment.card.PaymentStore;
import io.holdfast.payment.card.PaymentWorker;
import io.holdfast.payment.provider.PaymentProvider;
import io.holdfast.payment.provider.ProviderBooks;
import io.holdfast.payment.transfer.TransferStore;
import io.micrometer.core.instrument.MeterRegistry;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionOperations;

/** The wiring of the comparison with the provider's books. */
@Configuration(proxyBeanMethods = false)
class ReconciliationConfiguration {

  @Bean
  ReconciliationStore reconciliationStore(JdbcClient jdbc) {
    return new ReconciliationStore(jdbc);
  }

  @Bean
  ReconciliationWorker reconciliationWorker(
      ReconciliationStore store,
      PaymentStore payments,
      TransferStore transfers,
      ProviderBooks books,
      PaymentProvider provider,
      PaymentWorker worker,
      TransactionOperations transactions,
      PaymentProperties properties,
      MeterRegistry metrics) {
    return new ReconciliationWorker(
        store, payments, transfers, books, provider, worker, transactions, properties, metrics);
  }

  @Bean
  TimerLoop reconciliationTimer(ReconciliationWorker worker) {
    return worker.timer();
  }
}
