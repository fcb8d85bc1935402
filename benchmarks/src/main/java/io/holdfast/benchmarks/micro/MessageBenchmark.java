package io.holdfast.benchmarks.micro;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.holdfast.contracts.Phase;
import io.holdfast.contracts.SagaId;
import io.holdfast.contracts.inventory.HoldStock;
import io.holdfast.messaging.Envelope;
import io.holdfast.messaging.EnvelopeCodec;
import io.holdfast.messaging.Json;
import io.holdfast.messaging.OutboxMessage;
import io.holdfast.messaging.PackedMessages;
import io.holdfast.messaging.TraceParent;
import io.holdfast.messaging.UuidV7;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** What is done with each message: a command that asks to hold stock. */
@State(Scope.Benchmark)
public class MessageBenchmark {

  /** Messages of one outbox row, as under load. */
  private static final int PACKED = 100;

  private final HoldStock request = new HoldStock(List.of(new HoldStock.Line("SKU-0042", 1)));
  private final byte[] json = Json.bytes(request);
  private final SagaId sagaId = SagaId.of(UuidV7.next().toString());
  private final Envelope envelope =
      Envelope.first("saga-orchestrator", "inventory.try", sagaId, TraceParent.random(), json)
          .causes("saga-orchestrator", "inventory.try", json)
          .about("inventory", Phase.TRY, 1);
  private final OutboxMessage message = EnvelopeCodec.encode("inventory.commands", envelope);
  private final List<OutboxMessage> messages =
      IntStream.range(0, PACKED).mapToObj(_ -> message).toList();
  private final byte[] packed = PackedMessages.pack(messages);
  private final ConsumerRecord<String, byte[]> record = record(message);

  private static ConsumerRecord<String, byte[]> record(OutboxMessage message) {
    var record = new ConsumerRecord<>(message.topic(), 0, 0L, message.key(), message.body());
    message
        .headers()
        .forEach(header -> record.headers().add(header.name(), header.value().getBytes(UTF_8)));
    return record;
  }

  @Benchmark
  public OutboxMessage envelopeEncode() {
    return EnvelopeCodec.encode("inventory.commands", envelope);
  }

  @Benchmark
  public Envelope envelopeDecode() {
    return EnvelopeCodec.decode(record);
  }

  @Benchmark
  @OperationsPerInvocation(PACKED)
  public byte[] pack() {
    return PackedMessages.pack(messages);
  }

  @Benchmark
  @OperationsPerInvocation(PACKED)
  public List<OutboxMessage> unpack() {
    return PackedMessages.unpack(packed);
  }

  @Benchmark
  public byte[] jsonWrite() {
    return Json.bytes(request);
  }

  @Benchmark
  public HoldStock jsonRead() {
    return Json.read(json, HoldStock.class);
  }

  @Benchmark
  public UUID uuidV7() {
    return UuidV7.next();
  }

  @Benchmark
  public TraceParent traceChild() {
    return envelope.trace().child();
  }
}
