package io.holdfast.relay;

import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Future;
import org.apache.kafka.connect.runtime.WorkerConfig;
import org.apache.kafka.connect.storage.MemoryOffsetBackingStore;
import org.apache.kafka.connect.util.Callback;
import org.jspecify.annotations.Nullable;

/**
 * Keeps Debezium's position in memory only, so that after a start the slot is the one position
 * there is: Debezium's search for a second, stored position has lost rows. Before a position may
 * reach the slot it is written to the relay's own table, which makes a foreign slot recognisable.
 * Public only because Debezium makes it by class name.
 */
public final class SlotOnlyOffsets extends MemoryOffsetBackingStore {

  private @Nullable EngineLink link;

  @Override
  public void configure(WorkerConfig config) {
    super.configure(config);
    link = EngineLink.of(config.originals());
  }

  @Override
  public Future<Void> set(Map<ByteBuffer, ByteBuffer> values, Callback<Void> callback) {
    if (link == null) {
      throw new IllegalStateException("not configured");
    }
    link.acknowledge();
    return super.set(values, callback);
  }

  @Override
  public Set<Map<String, Object>> connectorPartitions(String connectorName) {
    return Set.of();
  }
}
