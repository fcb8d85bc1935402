package io.holdfast.relay;

import io.debezium.connector.base.QueueProvider;
import io.debezium.pipeline.DataChangeEvent;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Makes Debezium put what it read into a {@link HandoverBuffer}. Public only because Debezium makes
 * it by {@link java.util.ServiceLoader}.
 */
public final class HandoverQueue implements QueueProvider<DataChangeEvent> {

  static final String NAME = "holdfast";

  private @Nullable HandoverBuffer buffer;

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public void configure(Map<String, ?> properties) {
    buffer = EngineLink.of(properties).buffer();
  }

  @Override
  public void enqueue(DataChangeEvent event) throws InterruptedException {
    buffer().put(event);
  }

  /** Never used: {@link OutboxConnectorTask} takes from the buffer itself. */
  @Override
  public DataChangeEvent poll() {
    throw new UnsupportedOperationException("the connector's task takes from the buffer itself");
  }

  // Debezium asks this to decide whether to wait, polling, for room; the buffer waits better.
  @Override
  public int size() {
    return 0;
  }

  private HandoverBuffer buffer() {
    if (buffer == null) {
      throw new IllegalStateException("not configured");
    }
    return buffer;
  }
}
