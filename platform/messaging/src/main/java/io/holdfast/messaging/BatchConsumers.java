package io.holdfast.messaging;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.kafka.autoconfigure.KafkaProperties;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.ApplicationListener;
import org.springframework.context.SmartLifecycle;
import org.springframework.kafka.core.DefaultKafkaConsumerFactory;
import org.springframework.kafka.event.ConsumerStoppedEvent;
import org.springframework.kafka.event.ConsumerStoppedEvent.Reason;
import org.springframework.kafka.event.ListenerContainerIdleEvent;
import org.springframework.kafka.listener.BatchMessageListener;
import org.springframework.kafka.listener.ConcurrentMessageListenerContainer;
import org.springframework.kafka.listener.ContainerProperties;
import org.springframework.kafka.listener.DefaultErrorHandler;
import org.springframework.util.backoff.ExponentialBackOff;

/** The running consumers of a service: one listener container per subscription. */
public final class BatchConsumers
    implements SmartLifecycle, ApplicationListener<ConsumerStoppedEvent> {

  /**
   * Stops before the timers and the HTTP port's last requests need nothing from it any more, and
   * before the relay.
   */
  private static final int PHASE = Integer.MAX_VALUE - 1000;

  /** When a consumer to which nothing comes asks whether it may read on. */
  private static final Duration IDLE_AFTER = Duration.ofSeconds(1);

  /**
   * How often a consumer tells the broker how far it is. Each time costs a request and an entry in
   * the broker's log, and saves nothing but repeats after a crash: the inbox knows what was
   * handled.
   */
  private static final Duration OFFSETS_EVERY = Duration.ofSeconds(1);

  private static final Logger log = LoggerFactory.getLogger(BatchConsumers.class);

  private final List<ConcurrentMessageListenerContainer<String, byte[]>> containers;
  private volatile boolean running;

  BatchConsumers(List<ConcurrentMessageListenerContainer<String, byte[]>> containers) {
    this.containers = List.copyOf(containers);
  }

  static ConcurrentMessageListenerContainer<String, byte[]> container(
      Subscription subscription,
      BatchConsumer consumer,
      KafkaProperties kafka,
      MessagingProperties properties,
      ApplicationEventPublisher events) {
    Map<String, Object> config = kafka.buildConsumerProperties();
    config.put(ConsumerConfig.GROUP_ID_CONFIG, subscription.consumer());
    config.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, properties.maxBatch());
    config.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
    config.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    config.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
    var factory =
        new DefaultKafkaConsumerFactory<>(
            config, new StringDeserializer(), new ByteArrayDeserializer());
    var container =
        new ConcurrentMessageListenerContainer<>(
            factory, new ContainerProperties(subscription.reads().toArray(String[]::new)));
    var settings = container.getContainerProperties();
    settings.setAckMode(ContainerProperties.AckMode.TIME);
    settings.setAckTime(OFFSETS_EVERY.toMillis());
    settings.setPollTimeout(OFFSETS_EVERY.toMillis());
    settings.setMessageListener(consumer);
    settings.setShutdownTimeout(Duration.ofSeconds(20).toMillis());
    container.setConcurrency(properties.consumers());
    container.setBeanName(subscription.consumer());
    settings.setIdleEventInterval(IDLE_AFTER.toMillis());
    container.setApplicationEventPublisher(
        event -> {
          if (event instanceof ListenerContainerIdleEvent idle) {
            consumer.throttle(idle.getConsumer());
          } else {
            events.publishEvent(event);
          }
        });
    container.setCommonErrorHandler(endlessRetry());
    return container;
  }

  /**
   * The listener of {@code consumer}, for whoever brings records by another way than a poll: a
   * repair tool, a test that decides what a batch is.
   *
   * @throws IllegalArgumentException if there is no such consumer
   */
  public BatchMessageListener<String, byte[]> listener(String consumer) {
    for (var container : containers) {
      if (consumer.equals(container.getBeanName())
          && container.getContainerProperties().getMessageListener()
              instanceof BatchConsumer listener) {
        return listener;
      }
    }
    throw new IllegalArgumentException("there is no consumer " + consumer);
  }

  /**
   * What leaves a batch consumer is a failure of the infrastructure: the same records again until
   * they pass. No kind of exception may have them skipped, which is what the handler does with
   * those that it takes for fatal.
   */
  private static DefaultErrorHandler endlessRetry() {
    var backOff = new ExponentialBackOff(100, 2);
    backOff.setMaxInterval(Duration.ofSeconds(5).toMillis());
    var handler = new DefaultErrorHandler(backOff);
    handler.setClassifications(Map.of(), true);
    return handler;
  }

  /**
   * An {@link Error} ends a consumer thread; without this it would stay ended while everything
   * looks healthy.
   */
  @Override
  public void onApplicationEvent(ConsumerStoppedEvent event) {
    if (running && event.getReason() == Reason.ERROR) {
      var container = event.getContainer(ConcurrentMessageListenerContainer.class);
      log.error("consumer {} ended with an error and is started again", container.getBeanName());
      Thread.ofVirtual()
          .start(
              () -> {
                container.stop();
                if (running) {
                  container.start();
                }
              });
    }
  }

  @Override
  public void start() {
    running = true;
    containers.forEach(ConcurrentMessageListenerContainer::start);
  }

  @Override
  public void stop() {
    running = false;
    containers.forEach(ConcurrentMessageListenerContainer::stop);
  }

  @Override
  public boolean isRunning() {
    return running;
  }

  @Override
  public int getPhase() {
    return PHASE;
  }
}
