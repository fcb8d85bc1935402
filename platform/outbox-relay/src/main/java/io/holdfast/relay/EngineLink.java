package io.holdfast.relay;

import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Ties the objects that Debezium makes by class name to the engine they belong to: they get its id
 * in their configuration and look it up here.
 */
final class EngineLink implements AutoCloseable {

  /** The configuration key that carries {@link #id}. */
  static final String KEY = "holdfast.relay.engine";

  private static final Map<String, EngineLink> OPEN = new ConcurrentHashMap<>();

  private final String id = UUID.randomUUID().toString();
  private final HandoverBuffer buffer = new HandoverBuffer();
  private final Acknowledgement acknowledgement;
  private final Lsn startLimit;

  private volatile Lsn handled;

  /** Writes a position down before PostgreSQL may learn of it. */
  interface Acknowledgement {
    void record(Lsn position);
  }

  EngineLink(Lsn startLimit, Acknowledgement acknowledgement) {
    this.startLimit = startLimit;
    this.handled = startLimit;
    this.acknowledgement = acknowledgement;
    OPEN.put(id, this);
  }

  static EngineLink of(Map<String, ?> configuration) {
    EngineLink link = OPEN.get(String.valueOf(configuration.get(KEY)));
    if (link == null) {
      throw new IllegalStateException("no open engine for " + configuration.get(KEY));
    }
    return link;
  }

  String id() {
    return id;
  }

  HandoverBuffer buffer() {
    return buffer;
  }

  /** A stream that starts after this position has a hole before it. */
  Lsn startLimit() {
    return startLimit;
  }

  /** Kafka has acknowledged everything up to here. */
  void handled(Lsn position) {
    handled = position;
  }

  void acknowledge() {
    acknowledgement.record(handled);
  }

  @Override
  public void close() {
    OPEN.remove(id);
  }
}
