package io.holdfast.participant;

import io.holdfast.contracts.saga.SagaContract;
import io.holdfast.messaging.Outbox;
import io.holdfast.messaging.Subscription;
import io.holdfast.messaging.TimerLoop;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.support.BeanDefinitionBuilder;
import org.springframework.beans.factory.support.BeanDefinitionRegistry;
import org.springframework.beans.factory.support.BeanDefinitionRegistryPostProcessor;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;

/** Gives every {@link Participant} bean its subscription, its fences and its timer. */
@AutoConfiguration(afterName = "io.holdfast.messaging.MessagingAutoConfiguration")
@EnableConfigurationProperties(ParticipantProperties.class)
class ParticipantAutoConfiguration {

  @Bean
  FenceStore fenceStore(JdbcClient jdbc) {
    return new FenceStore(jdbc);
  }

  @Bean
  Replies participantReplies(MeterRegistry metrics) {
    return new Replies(metrics);
  }

  @Bean
  Settlement settlement(
      FenceStore fences, ParticipantProperties properties, Outbox outbox, Replies replies) {
    return new Settlement(fences, properties, outbox, replies);
  }

  /** A service may have several participants, and each needs beans of its own. */
  @Bean
  static BeanDefinitionRegistryPostProcessor participantBeans() {
    return new ParticipantBeans();
  }

  private static final class ParticipantBeans implements BeanDefinitionRegistryPostProcessor {

    @Override
    public void postProcessBeanDefinitionRegistry(BeanDefinitionRegistry registry) {
      if (!(registry instanceof ListableBeanFactory beans)) {
        throw new IllegalStateException("the bean registry cannot list participants");
      }
      for (String name : beans.getBeanNamesForType(Participant.class, true, false)) {
        registry.registerBeanDefinition(
            name + "Subscription",
            BeanDefinitionBuilder.rootBeanDefinition(
                    Subscription.class,
                    () -> subscription(beans.getBean(name, Participant.class), beans))
                .getBeanDefinition());
        registry.registerBeanDefinition(
            name + "OutcomeTimer",
            BeanDefinitionBuilder.rootBeanDefinition(
                    TimerLoop.class, () -> timer(beans.getBean(name, Participant.class), beans))
                .addDependsOn("flywayInitializer")
                .getBeanDefinition());
      }
    }
  }

  private static Subscription subscription(Participant<?, ?> participant, BeanFactory beans) {
    var contract = participant.contract();
    return new Subscription(
        contract.name(),
        List.of(contract.commandsTopic()),
        List.of(contract.repliesTopic(), SagaContract.REQUESTS_TOPIC),
        new ParticipantHandler<>(
            participant,
            beans.getBean(ParticipantProperties.class).holdFor(contract),
            beans.getBean(FenceStore.class),
            beans.getBean(Outbox.class),
            beans.getBean(Replies.class)));
  }

  private static TimerLoop timer(Participant<?, ?> participant, BeanFactory beans) {
    String step = participant.contract().name();
    return new TimerLoop(
        step + "-outcomes",
        new OutcomeTimer(
            step,
            beans.getBean(ParticipantProperties.class),
            beans.getBean(FenceStore.class),
            beans.getBean(Outbox.class),
            beans.getBean(TransactionTemplate.class),
            beans.getBean(MeterRegistry.class)));
  }
}
