package io.holdfast.relay;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.holdfast.relay.RelayState.Role;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class OutboxRelayIT {

  private static final Duration SOON = Duration.ofSeconds(30);

  private static TestPostgres postgres;
  private static TestKafka kafka;

  private final String topic = "t-" + UUID.randomUUID();
  private final List<OutboxRelay> relays = new ArrayList<>();

  @BeforeAll
  static void startServers() {
    kafka = new TestKafka();
    postgres = new TestPostgres(java.util.Map.of());
    postgres.createOutbox("orders");
    postgres.createOutbox("wallet");
  }

  @AfterAll
  static void stopServers() {
    kafka.close();
    postgres.close();
  }

  @AfterEach
  void stopRelays() {
    relays.forEach(OutboxRelay::stop);
  }

  @Test
  void rowsOfOneTransactionArriveInOrderWithKeyHeadersAndBody() throws Exception {
    start();
    var bodies = IntStream.range(0, 50).mapToObj(Integer::toString).toList();

    try (var connection = postgres.connect()) {
      connection.setAutoCommit(false);
      Outboxes.append(connection, "orders", Outboxes.messages(topic, bodies.subList(0, 30)));
      Outboxes.append(connection, "wallet", Outboxes.messages(topic, bodies.subList(30, 50)));
      connection.commit();
    }

    await().atMost(SOON).until(() -> bodies().size() >= 50);
    assertThat(bodies()).containsExactlyElementsOf(bodies);
    ConsumerRecord<byte[], byte[]> third = kafka.read(topic).get(2);
    assertThat(new String(third.key(), UTF_8)).isEqualTo("key-2");
    assertThat(third.headers().toArray()).extracting(h -> h.key() + "=" + new String(h.value(), UTF_8))
        .containsExactly("ce_id=2", "ce_type=T");
  }

  private OutboxRelay start() {
    var relay = new OutboxRelay(settings(), new SimpleMeterRegistry());
    relays.add(relay);
    relay.start();
    await().atMost(SOON).until(() -> relay.state().role() == Role.LEADER);
    return relay;
  }

  private static RelaySettings settings() {
    return RelaySettings.of(
        "localhost", postgres.port(), "postgres", "relay", "relay", kafka.bootstrap());
  }

  private List<String> bodies() {
    return kafka.read(topic).stream().map(record -> new String(record.value(), UTF_8)).toList();
  }
}
