package io.holdfast.participant.testing;

import io.holdfast.messaging.Envelope;
import io.holdfast.messaging.EnvelopeCodec;
import io.holdfast.messaging.OutboxMessage;
import io.holdfast.messaging.PackedMessages;
import io.holdfast.messaging.UuidV7;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.springframework.jdbc.core.simple.JdbcClient;

/** What a service has said, read from its outbox, so that a test needs no relay. */
public final class OutboxReader {

  private final JdbcClient jdbc;

  public OutboxReader(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  private static final String SELECT =
      """
      select payload from outbox
      where id >= ?
      order by id
      """;

  /** All messages said since {@code start}, in the order of their transactions to a millisecond. */
  public List<Envelope> since(Instant start) {
    return jdbc
        .sql(SELECT)
        .param(UuidV7.lowestAt(start))
        .query((row, _) -> PackedMessages.unpack(row.getBytes("payload")))
        .list()
        .stream()
        .flatMap(List::stream)
        .map(message -> EnvelopeCodec.decode(record(message, 0)))
        .toList();
  }

  /** The Kafka record that a relay would make of {@code message}. */
  static ConsumerRecord<String, byte[]> record(OutboxMessage message, long offset) {
    var record = new ConsumerRecord<>(message.topic(), 0, offset, message.key(), message.body());
    for (var header : message.headers()) {
      record.headers().add(header.name(), header.value().getBytes(StandardCharsets.UTF_8));
    }
    return record;
  }
}
