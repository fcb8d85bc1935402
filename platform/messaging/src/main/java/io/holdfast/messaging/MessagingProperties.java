package io.holdfast.messaging;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Settings of messaging, prefix {@code holdfast.messaging}.
 *
 * @param partitions of each topic that is created
 * @param replicationFactor of each topic that is created; 3 in production
 * @param topicRetention how long Kafka keeps messages
 * @param outboxRetention how long outbox rows are kept for re-publishing
 * @param inboxRetention how long a handled message is remembered
 * @param parkingWindow how long a parked message may wait before it is sent again
 * @param consumers threads that consume, per subscription
 * @param maxBatch most messages in one transaction
 */
@ConfigurationProperties("holdfast.messaging")
public record MessagingProperties(
    @DefaultValue("4") int partitions,
    @DefaultValue("1") short replicationFactor,
    @DefaultValue("7d") Duration topicRetention,
    @DefaultValue("3d") Duration outboxRetention,
    @DefaultValue("21d") Duration inboxRetention,
    @DefaultValue("7d") Duration parkingWindow,
    @DefaultValue("1") int consumers,
    @DefaultValue("1000") int maxBatch) {

  /**
   * @throws IllegalArgumentException if a message could come again after it has been forgotten
   */
  public MessagingProperties {
    var longestReplay = topicRetention.plus(outboxRetention).plus(parkingWindow);
    if (inboxRetention.compareTo(longestReplay) <= 0) {
      throw new IllegalArgumentException(
          "holdfast.messaging.inbox-retention is %s, but a message can come again for %s (topic-retention + outbox-retention + parking-window): raise it above that"
              .formatted(inboxRetention, longestReplay));
    }
  }
}
