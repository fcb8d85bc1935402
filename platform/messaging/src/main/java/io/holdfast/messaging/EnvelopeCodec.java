package io.holdfast.messaging;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.holdfast.contracts.Phase;
import io.holdfast.contracts.SagaId;
import io.holdfast.messaging.OutboxMessage.Header;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Envelope to Kafka record and back: CloudEvents 1.0 in the binary mode of its Kafka binding
 * (https://github.com/cloudevents/spec, kafka-protocol-binding.md), with extension attributes for
 * what a saga needs and the W3C header for its trace. The attributes are plain headers, so they are
 * read and written directly: the CloudEvents library, which the tests hold this against, took a
 * fifth of every consumer's time.
 */
public final class EnvelopeCodec {

  private static final Header SPEC_VERSION = new Header("ce_specversion", "1.0");
  private static final Header JSON = new Header("content-type", "application/json");
  private static final String ID = "ce_id";
  private static final String TYPE = "ce_type";
  private static final String SOURCE = "ce_source";
  private static final String TIME = "ce_time";
  private static final String SUBJECT = "ce_subject";
  private static final String STEP = "ce_sagastep";
  private static final String PHASE = "ce_sagaphase";
  private static final String ATTEMPT = "ce_sagaattempt";
  private static final String CAUSATION = "ce_causationid";
  private static final int MOST_HEADERS = 12;
  private static final byte[] NO_BODY = new byte[0];

  private EnvelopeCodec() {}

  public static OutboxMessage encode(String topic, Envelope envelope) {
    String sagaId = envelope.sagaId().toString();
    var headers = new ArrayList<Header>(MOST_HEADERS);
    headers.add(SPEC_VERSION);
    headers.add(new Header(ID, envelope.id().toString()));
    headers.add(new Header(TYPE, envelope.type()));
    headers.add(new Header(SOURCE, envelope.source()));
    headers.add(new Header(TIME, envelope.time().toString()));
    headers.add(new Header(SUBJECT, sagaId));
    headers.add(JSON);
    if (envelope.step() != null) {
      headers.add(new Header(STEP, envelope.step()));
    }
    if (envelope.phase() != null) {
      headers.add(new Header(PHASE, envelope.phase().name()));
    }
    if (envelope.attempt() > 0) {
      headers.add(new Header(ATTEMPT, Integer.toString(envelope.attempt())));
    }
    if (envelope.causationId() != null) {
      headers.add(new Header(CAUSATION, envelope.causationId().toString()));
    }
    headers.add(new Header(TraceParent.HEADER, envelope.trace().value()));
    return new OutboxMessage(topic, sagaId, headers, envelope.body());
  }

  /**
   * @throws InvalidMessage if the record is not a CloudEvent about a saga
   */
  public static Envelope decode(ConsumerRecord<?, byte[]> record) {
    var headers = HashMap.<String, String>newHashMap(MOST_HEADERS);
    for (var header : record.headers()) {
      if (header.value() != null) {
        headers.put(header.key(), new String(header.value(), UTF_8));
      }
    }
    if (!SPEC_VERSION.value().equals(headers.get(SPEC_VERSION.name()))) {
      throw new InvalidMessage("not a CloudEvent 1.0: " + SPEC_VERSION.name() + " says otherwise");
    }
    String phase = headers.get(PHASE);
    String attempt = headers.get(ATTEMPT);
    String causation = headers.get(CAUSATION);
    try {
      return new Envelope(
          UUID.fromString(required(ID, headers)),
          required(TYPE, headers),
          required(SOURCE, headers),
          SagaId.of(required(SUBJECT, headers)),
          headers.get(STEP),
          phase == null ? null : Phase.valueOf(phase),
          attempt == null ? 0 : Integer.parseInt(attempt),
          causation == null ? null : UUID.fromString(causation),
          TraceParent.continuing(headers.get(TraceParent.HEADER)),
          record.value() == null ? NO_BODY : record.value(),
          record.topic());
    } catch (IllegalArgumentException e) {
      throw new InvalidMessage("not a message about a saga: " + e.getMessage(), e);
    }
  }

  private static String required(String name, Map<String, String> headers) {
    String value = headers.get(name);
    if (value == null || value.isEmpty()) {
      throw new InvalidMessage("a message needs the header " + name);
    }
    return value;
  }
}
