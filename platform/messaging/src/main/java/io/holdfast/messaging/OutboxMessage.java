package io.holdfast.messaging;

import java.util.List;

/**
 * One Kafka record before it is sent, as the outbox keeps it.
 *
 * @param topic where it goes
 * @param key decides the partition
 * @param headers in order; names may repeat, as in Kafka
 * @param body the value; empty for messages that their headers say in full
 */
public record OutboxMessage(String topic, String key, List<Header> headers, byte[] body) {

  /** One Kafka header; the value is UTF-8 text. */
  public record Header(String name, String value) {}
}
