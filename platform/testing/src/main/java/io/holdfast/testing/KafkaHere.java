package io.holdfast.testing;

import io.holdfast.embedded.EmbeddedKafka;
import io.holdfast.embedded.EmbeddedKafkaSettings;
import java.nio.file.Path;

/** A broker in this JVM. */
final class KafkaHere implements KafkaBroker {

  private final TemporaryFolder folder = TemporaryFolder.create("kafka");
  private final Path data = folder.path().resolve("data");
  private EmbeddedKafka broker = EmbeddedKafka.start(EmbeddedKafkaSettings.in(data));

  @Override
  public String bootstrapServers() {
    return broker.bootstrapServers();
  }

  @Override
  public void stop() {
    broker.stop();
  }

  @Override
  public void start() {
    String address = bootstrapServers();
    int port = Integer.parseInt(address.substring(address.lastIndexOf(':') + 1));
    broker = EmbeddedKafka.start(new EmbeddedKafkaSettings(data, port, 0));
  }

  @Override
  public void close() {
    broker.close();
    folder.delete();
  }
}
