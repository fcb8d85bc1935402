package io.holdfast.messaging;

import java.util.List;
import java.util.Set;

/**
 * What a service reads, and with what it handles it. A bean of this type is all that a service
 * needs to consume.
 *
 * @param consumer name of the consumer group and of the inbox's claims; never changed once deployed
 * @param reads topics to consume
 * @param writes topics that the handler's messages go to; created together with {@code reads} where
 *     missing
 * @param handler handles each poll's messages
 * @param throttle says which of {@code reads} have to wait
 */
public record Subscription(
    String consumer,
    List<String> reads,
    List<String> writes,
    BatchHandler handler,
    Throttle throttle) {

  public Subscription {
    reads = List.copyOf(reads);
    writes = List.copyOf(writes);
  }

  /** Reads whatever there is. */
  public Subscription(
      String consumer, List<String> reads, List<String> writes, BatchHandler handler) {
    this(consumer, reads, writes, handler, Set::of);
  }
}
