package io.holdfast.testing;

/** A Kafka broker of a test run. Its address stays the same when it goes and comes back. */
public sealed interface KafkaBroker extends AutoCloseable permits KafkaHere, KafkaInContainer {

  String bootstrapServers();

  /** Takes it away, in order or not; its topics and records stay. */
  void stop();

  /** Starts it again after {@link #stop}; returns when it serves clients. */
  void start();

  /** Stops it and deletes its data. */
  @Override
  void close();
}
