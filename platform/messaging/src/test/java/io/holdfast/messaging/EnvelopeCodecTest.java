package io.holdfast.messaging;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cloudevents.SpecVersion;
import io.cloudevents.core.builder.CloudEventBuilder;
import io.cloudevents.kafka.KafkaMessageFactory;
import io.holdfast.contracts.Phase;
import io.holdfast.contracts.SagaId;
import io.holdfast.messaging.OutboxMessage.Header;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class EnvelopeCodecTest {

  private static final Envelope COMMAND =
      Envelope.first(
              "/holdfast/saga-orchestrator",
              "io.holdfast.wallet.hold-balance.v1",
              new SagaId(UuidV7.next()),
              TraceParent.random(),
              "{\"amountMinor\":1}".getBytes(UTF_8))
          .about("wallet", Phase.TRY, 2);

  private static ConsumerRecord<String, byte[]> received(
      OutboxMessage message, List<Header> headers) {
    var record = new ConsumerRecord<>(message.topic(), 0, 0L, message.key(), message.body());
    headers.forEach(header -> record.headers().add(header.name(), header.value().getBytes(UTF_8)));
    return record;
  }

  private static ConsumerRecord<String, byte[]> with(String name, String value) {
    var message = EnvelopeCodec.encode("t", COMMAND);
    var headers = new ArrayList<>(message.headers());
    headers.removeIf(header -> header.name().equals(name));
    if (!value.isEmpty()) {
      headers.add(new Header(name, value));
    }
    return received(message, headers);
  }

  @Test
  void decodesWhatItEncodes() {
    var message = EnvelopeCodec.encode("wallet.commands", COMMAND);

    var decoded = EnvelopeCodec.decode(received(message, message.headers()));

    assertThat(decoded).usingRecursiveComparison().isEqualTo(COMMAND.readFrom("wallet.commands"));
  }

  /** Kafka allows it; a decoder that fails on it in another way would stop its partition. */
  @Test
  @Tag("F48")
  void aHeaderWithoutValueMakesAMessageInvalidAtWorst() {
    var message = EnvelopeCodec.encode("wallet.commands", COMMAND);

    for (var header : message.headers()) {
      var record = received(message, message.headers());
      record.headers().remove(header.name());
      record.headers().add(header.name(), null);

      try {
        assertThat(EnvelopeCodec.decode(record).id()).isEqualTo(COMMAND.id());
      } catch (InvalidMessage e) {
        assertThat(e.getMessage()).as(header.name()).isNotBlank();
      }
    }
  }

  @Test
  void repliesKeepTheTraceAndNameTheirCause() {
    var reply = COMMAND.causes("/holdfast/wallet", "io.holdfast.saga.reply-done.v1", new byte[0]);
    var message = EnvelopeCodec.encode("wallet.replies", reply);

    var decoded = EnvelopeCodec.decode(received(message, message.headers()));

    assertThat(decoded.causationId()).isEqualTo(COMMAND.id());
    assertThat(decoded.trace().traceId()).isEqualTo(COMMAND.trace().traceId());
    assertThat(decoded.trace()).isNotEqualTo(COMMAND.trace());
    assertThat(decoded.body()).isEmpty();
  }

  /** Written without it, read by it: whoever uses the CloudEvents library understands us. */
  @Test
  void theCloudEventsLibraryReadsWhatItEncodes() {
    var message = EnvelopeCodec.encode("wallet.commands", COMMAND);

    var event = KafkaMessageFactory.createReader(received(message, message.headers())).toEvent();

    assertThat(event.getSpecVersion()).isEqualTo(SpecVersion.V1);
    assertThat(event.getId()).isEqualTo(COMMAND.id().toString());
    assertThat(event.getType()).isEqualTo(COMMAND.type());
    assertThat(event.getSource()).isEqualTo(URI.create(COMMAND.source()));
    assertThat(event.getSubject()).isEqualTo(COMMAND.sagaId().toString());
    assertThat(requireNonNull(event.getTime()).toInstant()).isEqualTo(COMMAND.time());
    assertThat(event.getDataContentType()).isEqualTo("application/json");
    assertThat(event.getExtension("sagastep")).isEqualTo("wallet");
    assertThat(event.getExtension("sagaphase")).isEqualTo("TRY");
    assertThat(event.getExtension("sagaattempt")).isEqualTo("2");
    assertThat(requireNonNull(event.getData()).toBytes()).isEqualTo(COMMAND.body());
  }

  /** Others may write with the library, and may add attributes of their own. */
  @Test
  void decodesWhatTheCloudEventsLibraryEncodes() {
    var event =
        CloudEventBuilder.v1()
            .withId(COMMAND.id().toString())
            .withType(COMMAND.type())
            .withSource(URI.create(COMMAND.source()))
            .withSubject(COMMAND.sagaId().toString())
            .withData("application/json", COMMAND.body())
            .withExtension("sagastep", "wallet")
            .withExtension("sagaphase", "TRY")
            .withExtension("sagaattempt", 2)
            .withExtension("tenant", "blue")
            .build();
    var written = KafkaMessageFactory.createWriter("wallet.commands").writeBinary(event);
    var record = new ConsumerRecord<>("wallet.commands", 0, 0L, "key", written.value());
    written.headers().forEach(record.headers()::add);
    record.headers().add(TraceParent.HEADER, COMMAND.trace().value().getBytes(UTF_8));

    assertThat(EnvelopeCodec.decode(record))
        .usingRecursiveComparison()
        .isEqualTo(COMMAND.readFrom("wallet.commands"));
  }

  /** The names are the CloudEvents Kafka binding's; programs in other languages rely on them. */
  @Test
  void headersAreThoseOfTheCloudEventsKafkaBinding() {
    var headers = new TreeMap<String, String>();
    for (var header : EnvelopeCodec.encode("wallet.commands", COMMAND).headers()) {
      headers.put(header.name(), header.value());
    }

    assertThat(headers)
        .containsAllEntriesOf(
            Map.of(
                "ce_specversion", "1.0",
                "ce_id", COMMAND.id().toString(),
                "ce_type", "io.holdfast.wallet.hold-balance.v1",
                "ce_source", "/holdfast/saga-orchestrator",
                "ce_subject", COMMAND.sagaId().toString(),
                "ce_sagastep", "wallet",
                "ce_sagaphase", "TRY",
                "ce_sagaattempt", "2",
                "content-type", "application/json",
                "traceparent", COMMAND.trace().value()))
        .containsKey("ce_time");
  }

  @Test
  void refusesWhatIsNoMessageOfOurs() {
    for (var wrong :
        List.of(
            with("ce_id", "not-a-uuid"),
            with("ce_id", ""),
            with("ce_type", ""),
            with("ce_subject", ""),
            with("ce_subject", "00000000-0000-4000-8000-000000000000"),
            with("ce_specversion", ""),
            with("ce_specversion", "0.3"),
            with("ce_sagaphase", "UNDO"),
            with("ce_sagaattempt", "two"))) {
      assertThatThrownBy(() -> EnvelopeCodec.decode(wrong)).isInstanceOf(InvalidMessage.class);
    }
  }

  @Test
  void aBrokenTraceHeaderStartsANewTrace() {
    String valid = COMMAND.trace().value();
    for (String broken :
        List.of(
            "garbage",
            valid.substring(1),
            valid + "0",
            valid.toUpperCase(Locale.ROOT).replace('0', 'A'),
            valid.replaceFirst("00-", "01-"),
            valid.substring(0, 52) + "_01",
            "00-" + "0".repeat(32) + valid.substring(35))) {
      var decoded = EnvelopeCodec.decode(with(TraceParent.HEADER, broken));

      assertThat(decoded.trace().traceId()).hasSize(32).isNotEqualTo(COMMAND.trace().traceId());
      assertThat(TraceParent.continuing(decoded.trace().value())).isEqualTo(decoded.trace());
    }
  }
}
