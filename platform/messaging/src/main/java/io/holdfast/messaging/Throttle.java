package io.holdfast.messaging;

import java.util.Set;

/**
 * Says which topics a consumer leaves alone for now, so that what they would add waits in Kafka.
 */
@FunctionalInterface
public interface Throttle {

  /**
   * Asked by the consumer's thread after every poll, outside of any transaction; also while nothing
   * comes, every few seconds.
   */
  Set<String> waiting();
}
