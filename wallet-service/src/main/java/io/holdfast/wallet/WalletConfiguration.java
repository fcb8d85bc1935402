package io.holdfast.wallet;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The wiring of the wallet service. */
@Configuration(proxyBeanMethods = false)
class WalletConfiguration {

  @Bean
  WalletStore walletStore(JdbcClient jdbc) {
    return new WalletStore(jdbc);
  }

  @Bean
  WalletParticipant walletParticipant(WalletStore store) {
    return new WalletParticipant(store);
  }
}
