package io.holdfast.wallet;

import io.holdfast.contracts.payment.PaymentContract;
import io.holdfast.contracts.wallet.WalletContract;
import io.holdfast.messaging.MessagingProperties;
import io.holdfast.messaging.Outbox;
import io.holdfast.messaging.Subscription;
import io.holdfast.messaging.TimerLoop;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import org.apache.kafka.common.config.TopicConfig;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.DependsOn;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.kafka.config.TopicBuilder;
import org.springframework.kafka.core.KafkaAdmin;
import org.springframework.transaction.support.TransactionTemplate;

/** The wiring of the wallet service. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(WalletProperties.class)
class WalletConfiguration {

  @Bean
  WalletMetrics walletMetrics(MeterRegistry registry) {
    return new WalletMetrics(registry);
  }

  /** Nothing here reads it, so no subscription makes it. */
  @Bean
  KafkaAdmin.NewTopics walletEvents(MessagingProperties properties) {
    return new KafkaAdmin.NewTopics(
        TopicBuilder.name(WalletContract.EVENTS_TOPIC)
            .partitions(properties.partitions())
            .replicas(properties.replicationFactor())
            .config(TopicConfig.RETENTION_MS_CONFIG, "" + properties.topicRetention().toMillis())
            .build());
  }

  @Bean
  LowBalanceNotice lowBalanceNotice(
      Outbox outbox, WalletMetrics metrics, WalletProperties properties) {
    return new LowBalanceNotice(outbox, metrics, properties.lowBalanceMinor());
  }

  @Bean
  WalletStore walletStore(JdbcClient jdbc, WalletMetrics metrics) {
    return new WalletStore(jdbc, metrics);
  }

  @Bean
  VoucherStore voucherStore(JdbcClient jdbc) {
    return new VoucherStore(jdbc);
  }

  @Bean
  WalletStores walletStores(
      WalletStore wallets, VoucherStore vouchers, JdbcClient jdbc, WalletProperties properties) {
    return new WalletStores(wallets, vouchers, new QuotaStore(jdbc, properties.quota()));
  }

  @Bean
  WalletParticipant walletParticipant(
      WalletStores stores, LowBalanceNotice lowBalance, WalletMetrics metrics) {
    return new WalletParticipant(stores, lowBalance, metrics);
  }

  @Bean
  WithdrawalStore withdrawalStore(JdbcClient jdbc) {
    return new WithdrawalStore(jdbc);
  }

  @Bean
  WithdrawalParticipant withdrawalParticipant(
      WalletStore wallets, WithdrawalStore withdrawals, WalletMetrics metrics) {
    return new WithdrawalParticipant(wallets, withdrawals, metrics);
  }

  @Bean
  WithdrawalHandler withdrawalHandler(
      WalletStore wallets,
      WithdrawalStore withdrawals,
      Outbox outbox,
      LowBalanceNotice lowBalance,
      TransactionTemplate transactions,
      WalletProperties properties,
      WalletMetrics metrics) {
    return new WithdrawalHandler(
        wallets, withdrawals, outbox, lowBalance, transactions, properties.resend(), metrics);
  }

  @Bean
  @DependsOn("timePartitions")
  TimerLoop withdrawalTimer(WithdrawalHandler withdrawals) {
    return new TimerLoop("withdrawals", withdrawals);
  }

  @Bean
  RefundParticipant refundParticipant(WalletStore wallets, JdbcClient jdbc, WalletMetrics metrics) {
    return new RefundParticipant(wallets, new RefundStore(jdbc), metrics);
  }

  @Bean
  ChargeHandler chargeHandler(
      WalletStores stores,
      JdbcClient jdbc,
      LowBalanceNotice lowBalance,
      TransactionTemplate transactions,
      WalletProperties properties,
      WalletMetrics metrics) {
    return new ChargeHandler(
        stores, new ChargeStore(jdbc), lowBalance, transactions, properties.quota(), metrics);
  }

  @Bean
  HoldHandler holdHandler(
      WalletStore wallets,
      JdbcClient jdbc,
      LowBalanceNotice lowBalance,
      TransactionTemplate transactions,
      WalletMetrics metrics) {
    return new HoldHandler(wallets, new HoldStore(jdbc), lowBalance, transactions, metrics);
  }

  @Bean
  @DependsOn("timePartitions")
  TimerLoop holdTimer(HoldHandler holds) {
    return new TimerLoop("holds", holds);
  }

  @Bean
  AbnormalUseStore abnormalUseStore(JdbcClient jdbc) {
    return new AbnormalUseStore(jdbc);
  }

  @Bean
  @DependsOn("timePartitions")
  AbnormalUseCheck abnormalUseCheck(
      AbnormalUseStore store,
      Outbox outbox,
      TransactionTemplate transactions,
      WalletProperties properties,
      WalletMetrics metrics) {
    return new AbnormalUseCheck(store, outbox, transactions, properties.abnormalUse(), metrics);
  }

  @Bean
  Subscription topUps(WalletStore wallets) {
    return new Subscription(
        "wallet-top-ups",
        List.of(PaymentContract.EVENTS_TOPIC),
        List.of(),
        new TopUpHandler(wallets));
  }

  @Bean
  LedgerReader ledgerReader(JdbcClient jdbc) {
    return new LedgerReader(jdbc);
  }

  @Bean
  @DependsOn("flywayInitializer")
  LedgerCheck ledgerCheck(LedgerReader ledger, WalletProperties properties, WalletMetrics metrics) {
    return new LedgerCheck(ledger, properties.ledgerCheck(), metrics);
  }
}
