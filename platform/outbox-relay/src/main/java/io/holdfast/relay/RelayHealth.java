package io.holdfast.relay;

import java.time.Duration;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;

/** UP while this instance relays or stands by; the details say which, and why not. */
final class RelayHealth implements HealthIndicator {

  private static final Duration KAFKA_PATIENCE = Duration.ofSeconds(10);

  private final OutboxRelay relay;

  RelayHealth(OutboxRelay relay) {
    this.relay = relay;
  }

  @Override
  public Health health() {
    RelayState state = relay.state();
    Duration waiting = relay.waitingForKafka();
    var health =
        switch (state.role()) {
          case LEADER, STANDBY ->
              waiting.compareTo(KAFKA_PATIENCE) > 0 ? Health.down() : Health.up();
          case STARTING -> Health.unknown();
          case DOWN -> Health.down();
          case STOPPED -> Health.outOfService();
        };
    return health
        .withDetail("role", state.role().name().toLowerCase(java.util.Locale.ROOT))
        .withDetail("detail", state.detail())
        .withDetail("since", state.since())
        .withDetail("waitingForKafkaSeconds", waiting.toSeconds())
        .build();
  }
}
