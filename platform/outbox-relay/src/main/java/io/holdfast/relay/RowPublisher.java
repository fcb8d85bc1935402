package io.holdfast.relay;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.holdfast.messaging.OutboxMessage;
import io.holdfast.messaging.PackedMessages;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/**
 * Sends outbox rows to Kafka, in order, and tells whether all of them arrived. After one failure it
 * is of no more use: what was sent after the failed message may have overtaken it, so it is closed
 * and everything that is not acknowledged is read and sent again.
 */
final class RowPublisher implements AutoCloseable {

  /**
   * Above the 8 MB that an outbox row may have, so that the broker's limit is the one that counts.
   */
  private static final int MAX_REQUEST_BYTES = 10 << 20;

  private final Producer<byte[], byte[]> producer;
  private final Set<MessageRef> parked;
  private final RelayMetrics metrics;
  private final AtomicReference<@Nullable PublishFailedException> failure = new AtomicReference<>();

  RowPublisher(Map<String, Object> settings, Set<MessageRef> parked, RelayMetrics metrics) {
    this.producer =
        new KafkaProducer<>(
            producerSettings(settings), new ByteArraySerializer(), new ByteArraySerializer());
    this.parked = parked;
    this.metrics = metrics;
  }

  /** The caller's settings with those that delivery depends on overruled. */
  static Map<String, Object> producerSettings(Map<String, Object> given) {
    var settings = new HashMap<>(given);
    settings.remove("transactional.id");
    settings.remove("key.serializer");
    settings.remove("value.serializer");
    settings.remove("interceptor.classes");
    settings.put("client.id", "holdfast-relay");
    settings.put("acks", "all");
    settings.put("enable.idempotence", true);
    settings.put("max.in.flight.requests.per.connection", 5);
    settings.put("retries", Integer.MAX_VALUE);
    settings.put("delivery.timeout.ms", 600_000);
    settings.put("request.timeout.ms", 10_000);
    settings.put("max.block.ms", 60_000);
    // Rows that trickle in wait for company at most this long; a batch's flush ends the wait.
    settings.put("linger.ms", 5);
    settings.put("batch.size", 256 << 10);
    settings.put("buffer.memory", 64L << 20);
    settings.put("max.request.size", MAX_REQUEST_BYTES);
    settings.put("reconnect.backoff.max.ms", 1_000);
    settings.put("enable.metrics.push", false);
    return settings;
  }

  void send(OutboxRow row) {
    var whole = new MessageRef(row.id(), MessageRef.WHOLE_ROW);
    if (parked.contains(whole)) {
      return;
    }
    List<OutboxMessage> messages;
    try {
      messages = PackedMessages.unpack(row.payload());
    } catch (IllegalArgumentException e) {
      throw PublishFailedException.forEver(whole, row.outbox(), "its payload can't be read", e);
    }
    for (int i = 0; i < messages.size(); i++) {
      var ref = new MessageRef(row.id(), i);
      if (!parked.contains(ref)) {
        send(ref, row.outbox(), messages.get(i));
      }
    }
    metrics.sent(messages.size());
  }

  private void send(MessageRef ref, String outbox, OutboxMessage message) {
    try {
      var _ =
          producer.send(
          record(message),
          (metadata, error) -> {
            if (error != null) {
              failure.compareAndSet(null, failed(ref, outbox, message, error));
            }
          });
    } catch (InvalidTopicException | IllegalArgumentException e) {
      throw failed(ref, outbox, message, e);
    }
  }

  private static PublishFailedException failed(
      MessageRef ref, String outbox, OutboxMessage message, Exception error) {
    String where = "to topic " + message.topic();
    return switch (error) {
      case RecordTooLargeException e ->
          PublishFailedException.forEver(ref, outbox, "it is too large " + where, e);
      case InvalidTopicException e ->
          PublishFailedException.forEver(ref, outbox, "it can't be sent " + where, e);
      case IllegalArgumentException e ->
          PublishFailedException.forEver(ref, outbox, "it can't be sent " + where, e);
      default -> PublishFailedException.forNow(ref, outbox, "sending " + where, error);
    };
  }

  private static ProducerRecord<byte[], byte[]> record(OutboxMessage message) {
    var headers = new ArrayList<Header>(message.headers().size());
    for (OutboxMessage.Header header : message.headers()) {
      headers.add(new RecordHeader(header.name(), header.value().getBytes(UTF_8)));
    }
    return new ProducerRecord<>(
        message.topic(), null, message.key().getBytes(UTF_8), message.body(), headers);
  }

  /** Returns when Kafka has acknowledged everything sent so far; throws if one message failed. */
  void awaitAll() {
    producer.flush();
    PublishFailedException failed = failure.get();
    if (failed != null) {
      throw failed;
    }
  }

  /** Drops what is not acknowledged. */
  @Override
  public void close() {
    producer.close(Duration.ZERO);
  }
}
