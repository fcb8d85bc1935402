package io.holdfast.participant;

import static java.util.stream.Collectors.groupingBy;

import io.holdfast.contracts.ParticipantContract;
import io.holdfast.contracts.saga.SagaContract;
import io.holdfast.messaging.Outbox;
import io.holdfast.messaging.Subscription;
import io.holdfast.messaging.Subscriptions;
import io.holdfast.messaging.TimerLoop;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.DependsOn;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;

/** Gives all {@link Participant} beans of a service their consumer, fences and timer. */
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

  /** One consumer for each commands topic, whose participants share its batches. */
  @Bean
  Subscriptions participantSubscriptions(
      ObjectProvider<Participant<?, ?>> participants,
      ParticipantProperties properties,
      FenceStore fences,
      Outbox outbox,
      Replies replies) {
    return new Subscriptions(
        participants.stream()
            .collect(groupingBy(participant -> participant.contract().commandsTopic()))
            .values()
            .stream()
            .map(
                sharing ->
                    subscription(
                        sharing.stream().map(Participant::contract).toList(),
                        new CommandsHandler(
                            sharing.stream()
                                .<ParticipantHandler<?, ?>>map(
                                    participant ->
                                        handler(participant, properties, fences, replies))
                                .toList(),
                            outbox)))
            .toList());
  }

  private static ParticipantHandler<?, ?> handler(
      Participant<?, ?> participant,
      ParticipantProperties properties,
      FenceStore fences,
      Replies replies) {
    return new ParticipantHandler<>(
        participant, properties.holdFor(participant.contract()), fences, replies);
  }

  private static Subscription subscription(
      List<? extends ParticipantContract<?>> sharing, CommandsHandler handler) {
    var writes = new TreeSet<>(Set.of(SagaContract.REQUESTS_TOPIC));
    sharing.forEach(contract -> writes.add(contract.repliesTopic()));
    return new Subscription(
        sharing.getFirst().commandsConsumer(),
        List.of(sharing.getFirst().commandsTopic()),
        List.copyOf(writes),
        handler);
  }

  @Bean
  @DependsOn("flywayInitializer")
  @ConditionalOnBean(Participant.class)
  TimerLoop participantOutcomes(
      ObjectProvider<Participant<?, ?>> participants,
      ParticipantProperties properties,
      FenceStore fences,
      Outbox outbox,
      TransactionTemplate transactions,
      MeterRegistry metrics) {
    var timers =
        participants.stream()
            .map(
                participant ->
                    new OutcomeTimer(
                        participant.contract().name(), properties, fences, outbox, metrics))
            .toList();
    return new TimerLoop(
        "outcomes",
        () ->
            transactions.execute(
                _ ->
                    timers.stream()
                        .map(OutcomeTimer::handleBatch)
                        .min(Comparator.naturalOrder())
                        .orElse(TimerLoop.LONGEST_SLEEP)));
  }
}
