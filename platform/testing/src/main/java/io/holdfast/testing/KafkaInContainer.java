package io.holdfast.testing;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.testcontainers.kafka.KafkaContainer;

/** A broker in a container, with the settings of the embedded one that tests rely on. */
final class KafkaInContainer implements KafkaBroker {

  private static final String IMAGE = "apache/kafka:4.3.1";
  private static final int INNER_PORT = 9092;
  private static final Duration START_LIMIT = Duration.ofMinutes(2);

  private static final Map<String, String> SETTINGS =
      Map.of(
          "KAFKA_AUTO_CREATE_TOPICS_ENABLE", "false",
          "KAFKA_GROUP_INITIAL_REBALANCE_DELAY_MS", "0",
          "KAFKA_GROUP_MIN_SESSION_TIMEOUT_MS", "1000",
          "KAFKA_OFFSETS_TOPIC_NUM_PARTITIONS", "4",
          "KAFKA_BROKER_SESSION_TIMEOUT_MS", "2000",
          "KAFKA_BROKER_HEARTBEAT_INTERVAL_MS", "500");

  private final KafkaContainer container = new KafkaContainer(IMAGE).withEnv(SETTINGS);

  KafkaInContainer() {
    ContainerEngine.start(container, FreePort.choose(), INNER_PORT);
  }

  @Override
  public String bootstrapServers() {
    return container.getBootstrapServers();
  }

  /** By force: the shell that Testcontainers starts it with would not pass a request on. */
  @Override
  public void stop() {
    ContainerEngine.kill(container);
  }

  @Override
  public void start() {
    ContainerEngine.startAgain(container);
    awaitBroker();
  }

  private void awaitBroker() {
    try (var admin =
        Admin.create(
            Map.<String, Object>of(
                "bootstrap.servers", bootstrapServers(),
                "default.api.timeout.ms", Math.toIntExact(START_LIMIT.toMillis())))) {
      admin.describeCluster().clusterId().get(START_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while Kafka started again", e);
    } catch (ExecutionException | TimeoutException e) {
      throw new IllegalStateException("Kafka did not come back in its container", e);
    }
  }

  @Override
  public void close() {
    container.close();
  }
}
