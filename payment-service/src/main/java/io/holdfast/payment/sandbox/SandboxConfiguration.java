package io.holdfast.payment.sandbox;

import io.holdfast.messaging.TimerLoop;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.web.server.context.WebServerInitializedEvent;
import org.springframework.context.ApplicationListener;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;

/** The sandbox's wiring, where it is switched on. */
@Configuration(proxyBeanMethods = false)
@ConditionalOnProperty("holdfast.payment.sandbox.enabled")
class SandboxConfiguration {

  private static final Logger log = LoggerFactory.getLogger(SandboxConfiguration.class);

  /** Nobody accepts what is signed with it. */
  private static final String NO_SECRET = "whsec_none";

  @Bean
  SandboxStore sandboxStore(JdbcClient jdbc, TransactionTemplate transactions) {
    return new SandboxStore(jdbc, transactions);
  }

  @Bean
  SandboxAnswers sandboxAnswers(SandboxStore store) {
    return new SandboxAnswers(store);
  }

  @Bean
  SandboxNotices sandboxNotices(
      JdbcClient jdbc,
      Environment environment,
      @Value("${holdfast.payment.sandbox.webhook-url:}") String url) {
    String secret =
        Binder.get(environment)
            .bind("holdfast.payment.webhook.secrets", Bindable.listOf(String.class))
            .orElseGet(List::of)
            .stream()
            .findFirst()
            .orElse(NO_SECRET);
    var notices = new SandboxNotices(new SandboxNoticeStore(jdbc), Clock.systemUTC(), secret);
    if (!url.isBlank()) {
      notices.deliverTo(url);
    }
    return notices;
  }

  /** Unless told otherwise, the sandbox notifies the service that it is in. */
  @Bean
  ApplicationListener<WebServerInitializedEvent> sandboxAddress(
      SandboxNotices notices, @Value("${holdfast.payment.sandbox.webhook-url:}") String url) {
    return event -> {
      if (url.isBlank() && event.getApplicationContext().getServerNamespace() == null) {
        notices.deliverTo(
            "http://127.0.0.1:%d/webhooks/stripe".formatted(event.getWebServer().getPort()));
      }
    };
  }

  @Bean
  Sandbox sandbox(SandboxStore store, SandboxAnswers answers, SandboxNotices notices) {
    log.warn(
        "the payment sandbox is on: no real card is charged. For real ones set holdfast.payment.sandbox.enabled=false, holdfast.payment.api-base and holdfast.payment.api-key");
    return new Sandbox(store, answers, notices, Clock.systemUTC());
  }

  @Bean
  SandboxTransfers sandboxTransfers(
      SandboxStore store, SandboxAnswers answers, SandboxNotices notices) {
    return new SandboxTransfers(store, answers, notices, Clock.systemUTC());
  }

  @Bean
  TimerLoop sandboxTimer(
      Sandbox sandbox, SandboxTransfers transfers, SandboxNotices notices, SandboxStore store) {
    var timer =
        new TimerLoop(
            "sandbox",
            () -> {
              var delay = untilDue(store);
              if (delay.isPositive()) {
                return delay;
              }
              sandbox.settleDue();
              transfers.settleDue();
              notices.deliverDue();
              return untilDue(store);
            });
    notices.onDue(() -> timer.wakeUpIn(Duration.ZERO));
    return timer;
  }

  private static Duration untilDue(SandboxStore store) {
    var next = store.nextDue();
    var delay =
        next == null
            ? TimerLoop.LONGEST_SLEEP
            : Duration.between(Clock.systemUTC().instant(), next);
    return delay.compareTo(TimerLoop.LONGEST_SLEEP) < 0 ? delay : TimerLoop.LONGEST_SLEEP;
  }
}
