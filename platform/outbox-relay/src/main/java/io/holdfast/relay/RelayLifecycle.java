package io.holdfast.relay;

import org.springframework.context.SmartLifecycle;

/**
 * Starts the relay before, and stops it after, everything that writes to an outbox: HTTP, timers
 * and Kafka listeners all have higher phases.
 */
final class RelayLifecycle implements SmartLifecycle {

  private final OutboxRelay relay;
  private volatile boolean running;

  RelayLifecycle(OutboxRelay relay) {
    this.relay = relay;
  }

  @Override
  public void start() {
    relay.start();
    running = true;
  }

  @Override
  public void stop() {
    relay.stop();
    running = false;
  }

  @Override
  public boolean isRunning() {
    return running;
  }

  @Override
  public int getPhase() {
    return 0;
  }
}
