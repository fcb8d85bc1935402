package io.holdfast.payment.sandbox;

import java.time.Clock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;

/** The sandbox's wiring, where it is switched on. */
@Configuration(proxyBeanMethods = false)
@ConditionalOnProperty("holdfast.payment.sandbox.enabled")
class SandboxConfiguration {

  private static final Logger log = LoggerFactory.getLogger(SandboxConfiguration.class);

  @Bean
  Sandbox sandbox(JdbcClient jdbc, TransactionTemplate transactions) {
    log.warn(
        "the payment sandbox is on: no real card is charged. For real ones set holdfast.payment.sandbox.enabled=false, holdfast.payment.api-base and holdfast.payment.api-key");
    return new Sandbox(new SandboxStore(jdbc, transactions), Clock.systemUTC());
  }
}
