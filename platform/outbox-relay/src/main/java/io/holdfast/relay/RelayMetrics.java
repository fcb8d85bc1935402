package io.holdfast.relay;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.concurrent.atomic.AtomicLong;

/** The relay's meters, all named {@code relay.*}. */
final class RelayMetrics {

  private final AtomicLong lagBytes = new AtomicLong();
  private final AtomicLong retainedBytes = new AtomicLong();
  private final AtomicLong leading = new AtomicLong();
  private final Counter rows;
  private final Counter messages;
  private final Counter batches;
  private final Counter rebuilds;
  private final Counter republished;
  private final Counter parked;

  RelayMetrics(MeterRegistry registry) {
    Gauge.builder("relay.lag", lagBytes, AtomicLong::get)
        .baseUnit("bytes")
        .description("Log written but not yet confirmed by Kafka")
        .register(registry);
    Gauge.builder("relay.wal.retained", retainedBytes, AtomicLong::get)
        .baseUnit("bytes")
        .description("Log that PostgreSQL keeps on disk for the relay's slot")
        .register(registry);
    Gauge.builder("relay.leader", leading, AtomicLong::get)
        .description("1 while this instance moves the rows")
        .register(registry);
    rows = counter(registry, "relay.rows", "Outbox rows sent");
    messages = counter(registry, "relay.messages", "Messages sent");
    batches = counter(registry, "relay.batches", "Batches that Kafka acknowledged");
    rebuilds = counter(registry, "relay.rebuilds", "Engines replaced after a failure or silence");
    republished = counter(registry, "relay.republished", "Rows sent again because a slot was lost");
    parked = counter(registry, "relay.parked", "Messages Kafka can never take");
  }

  private static Counter counter(MeterRegistry registry, String name, String description) {
    return Counter.builder(name).description(description).register(registry);
  }

  void slot(SlotStatus status) {
    lagBytes.set(status.lagBytes());
    retainedBytes.set(status.retainedBytes());
  }

  void leading(boolean leads) {
    leading.set(leads ? 1 : 0);
  }

  void sent(int messagesInRow) {
    rows.increment();
    messages.increment(messagesInRow);
  }

  void batchAcknowledged() {
    batches.increment();
  }

  void rebuilt() {
    rebuilds.increment();
  }

  void republished(int rowCount) {
    republished.increment(rowCount);
  }

  void parked() {
    parked.increment();
  }
}
