package io.holdfast.messaging;

import io.cloudevents.CloudEvent;
import io.cloudevents.core.builder.CloudEventBuilder;
import io.cloudevents.kafka.KafkaMessageFactory;
import io.holdfast.contracts.Phase;
import io.holdfast.contracts.SagaId;
import io.holdfast.messaging.OutboxMessage.Header;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/**
 * Envelope to Kafka record and back: CloudEvents Kafka binding in binary mode, with extension
 * attributes for what a saga needs and the W3C header for its trace.
 */
public final class EnvelopeCodec {

  private static final String STEP = "sagastep";
  private static final String PHASE = "sagaphase";
  private static final String ATTEMPT = "sagaattempt";
  private static final String CAUSATION = "causationid";
  private static final byte[] NO_BODY = new byte[0];

  private EnvelopeCodec() {}

  public static OutboxMessage encode(String topic, Envelope envelope) {
    var record =
        KafkaMessageFactory.<String>createWriter(topic, envelope.sagaId().toString())
            .writeBinary(toCloudEvent(envelope));
    var headers = new ArrayList<Header>();
    for (var header : record.headers()) {
      headers.add(new Header(header.key(), new String(header.value(), StandardCharsets.UTF_8)));
    }
    headers.add(new Header(TraceParent.HEADER, envelope.trace().value()));
    return new OutboxMessage(topic, envelope.sagaId().toString(), headers, envelope.body());
  }

  /**
   * @throws InvalidMessage if the record is not a CloudEvent about a saga
   */
  public static Envelope decode(ConsumerRecord<?, byte[]> record) {
    try {
      CloudEvent event = KafkaMessageFactory.createReader(record).toEvent();
      var time = event.getTime();
      var subject = event.getSubject();
      if (time == null || subject == null) {
        throw new InvalidMessage("a message needs the attributes time and subject");
      }
      String phase = extension(event, PHASE);
      String attempt = extension(event, ATTEMPT);
      String causation = extension(event, CAUSATION);
      return new Envelope(
          UUID.fromString(event.getId()),
          event.getType(),
          event.getSource().toString(),
          time.toInstant(),
          SagaId.of(subject),
          extension(event, STEP),
          phase == null ? null : Phase.valueOf(phase),
          attempt == null ? 0 : Integer.parseInt(attempt),
          causation == null ? null : UUID.fromString(causation),
          TraceParent.continuing(header(record, TraceParent.HEADER)),
          record.value() == null ? NO_BODY : record.value());
    } catch (InvalidMessage e) {
      throw e;
    } catch (RuntimeException e) {
      // The library's readers throw whatever comes, a NullPointerException for a header without
      // value; anything else than InvalidMessage would be retried for ever.
      throw new InvalidMessage("not a CloudEvent about a saga: " + e.getMessage(), e);
    }
  }

  private static CloudEvent toCloudEvent(Envelope envelope) {
    var builder =
        CloudEventBuilder.v1()
            .withId(envelope.id().toString())
            .withType(envelope.type())
            .withSource(URI.create(envelope.source()))
            .withTime(OffsetDateTime.ofInstant(envelope.time(), ZoneOffset.UTC))
            .withSubject(envelope.sagaId().toString())
            .withData("application/json", envelope.body());
    if (envelope.step() != null) {
      builder.withExtension(STEP, envelope.step());
    }
    if (envelope.phase() != null) {
      builder.withExtension(PHASE, envelope.phase().name());
    }
    if (envelope.attempt() > 0) {
      builder.withExtension(ATTEMPT, envelope.attempt());
    }
    if (envelope.causationId() != null) {
      builder.withExtension(CAUSATION, envelope.causationId().toString());
    }
    return builder.build();
  }

  private static @Nullable String extension(CloudEvent event, String name) {
    Object value = event.getExtension(name);
    return value == null ? null : value.toString();
  }

  private static @Nullable String header(ConsumerRecord<?, byte[]> record, String name) {
    var header = record.headers().lastHeader(name);
    return header == null || header.value() == null
        ? null
        : new String(header.value(), StandardCharsets.UTF_8);
  }
}
