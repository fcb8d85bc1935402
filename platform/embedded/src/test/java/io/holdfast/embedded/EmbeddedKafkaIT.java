package io.holdfast.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.GroupProtocol;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.LoggerFactory;

class EmbeddedKafkaIT {

  private static final String TOPIC = "orders.events";

  @TempDir Path folder;

  @ParameterizedTest
  @EnumSource(GroupProtocol.class)
  void keepsTopicsRecordsAndOffsetsBetweenRuns(GroupProtocol protocol) throws Exception {
    try (var kafka = EmbeddedKafka.start(EmbeddedKafkaSettings.in(folder))) {
      createTopic(kafka);
      send(kafka, "one", "two");
      assertThat(receive(kafka, protocol, 2)).containsExactly("one", "two");
      send(kafka, "three");
    }

    try (var kafka = EmbeddedKafka.start(EmbeddedKafkaSettings.in(folder))) {
      send(kafka, "four");
      assertThat(receive(kafka, protocol, 2)).containsExactly("three", "four");
    }
  }

  @Test
  void keepsItsPortsOverARestart() throws Exception {
    try (var kafka = EmbeddedKafka.start(EmbeddedKafkaSettings.in(folder))) {
      String before = kafka.bootstrapServers();
      createTopic(kafka);
      send(kafka, "one");

      kafka.restart();

      assertThat(kafka.bootstrapServers()).isEqualTo(before);
      send(kafka, "two");
      assertThat(receive(kafka, GroupProtocol.CLASSIC, 2)).containsExactly("one", "two");
    }
  }

  @Test
  void startsAfterItsProcessWasKilled() throws Exception {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Starter.class.getName(),
                folder.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try (var out = process.inputReader()) {
      assertThat(out.lines().filter("sent"::equals).findFirst()).isPresent();
    }
    process.destroyForcibly();
    assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();

    long start = System.nanoTime();
    try (var kafka = EmbeddedKafka.start(EmbeddedKafkaSettings.in(folder))) {

      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(30));
      assertThat(receive(kafka, GroupProtocol.CLASSIC, 1)).containsExactly("one");
    }
  }

  @Test
  void createsNoTopicUnasked() {
    try (var kafka = EmbeddedKafka.start(EmbeddedKafkaSettings.in(folder));
        var producer =
            new KafkaProducer<>(
                Map.of("bootstrap.servers", kafka.bootstrapServers(), "max.block.ms", "1500"),
                new StringSerializer(),
                new StringSerializer())) {

      assertThatThrownBy(
              () -> producer.send(new ProducerRecord<>("mistyped", "x")).get(10, TimeUnit.SECONDS))
          .hasMessageContaining("mistyped");
    }
  }

  @Test
  void startsAfterAFirstStartThatWasInterrupted() throws Exception {
    Files.createDirectories(folder.resolve("log.new/__cluster_metadata-0"));

    try (var kafka = EmbeddedKafka.start(EmbeddedKafkaSettings.in(folder))) {
      createTopic(kafka);
    }
  }

  @Test
  void startsWithoutFillingTheLog() {
    var root =
        ((LoggerContext) LoggerFactory.getILoggerFactory())
            .getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    var lines = new ListAppender<ILoggingEvent>();
    lines.start();
    root.addAppender(lines);
    try {
      EmbeddedKafka.start(EmbeddedKafkaSettings.in(folder)).stop();
    } finally {
      root.detachAppender(lines);
    }

    assertThat(lines.list).hasSizeLessThan(10);
  }

  @Test
  void namesTheClientPortThatIsTaken() throws IOException {
    try (var other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      var settings = new EmbeddedKafkaSettings(folder, other.getLocalPort(), 0);

      assertThatThrownBy(() -> EmbeddedKafka.start(settings))
          .isInstanceOf(StartupFailure.class)
          .hasMessageContaining("Port " + other.getLocalPort() + ", which Kafka needs, is taken")
          .hasMessageContaining("set holdfast.kafka.port to a free port");
    }

    EmbeddedKafka.start(EmbeddedKafkaSettings.in(folder)).stop();
  }

  @Test
  void namesTheControllerPortThatIsTaken() throws IOException {
    try (var other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      var settings = new EmbeddedKafkaSettings(folder, 0, other.getLocalPort());

      assertThatThrownBy(() -> EmbeddedKafka.start(settings))
          .isInstanceOf(StartupFailure.class)
          .hasMessageContaining("set holdfast.kafka.controller-port to a free port");
    }
  }

  @Test
  void refusesASecondBrokerOnItsFolder() {
    try (var first = EmbeddedKafka.start(EmbeddedKafkaSettings.in(folder))) {

      assertThatThrownBy(() -> EmbeddedKafka.start(EmbeddedKafkaSettings.in(folder)))
          .isInstanceOf(StartupFailure.class)
          .hasMessageContaining("in use by another running Holdfast");

      assertThat(first.bootstrapServers()).startsWith("127.0.0.1:");
    }
  }

  @Test
  void saysWhatIsWrongWithABrokenFolder() throws IOException {
    EmbeddedKafka.start(EmbeddedKafkaSettings.in(folder)).stop();
    Files.writeString(folder.resolve("log/meta.properties"), "garbage\n");

    assertThatThrownBy(() -> EmbeddedKafka.start(EmbeddedKafkaSettings.in(folder)))
        .isInstanceOf(StartupFailure.class)
        .hasMessageStartingWith("Kafka cannot use its data folder")
        .hasMessageEndingWith("or move it away to start with an empty one.");

    DataFolder.open(folder).close();
  }

  private static void createTopic(EmbeddedKafka kafka) throws Exception {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
      admin
          .createTopics(List.of(new NewTopic(TOPIC, 1, (short) 1)))
          .all()
          .get(30, TimeUnit.SECONDS);
    }
  }

  private static void send(EmbeddedKafka kafka, String... values) throws Exception {
    try (var producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", kafka.bootstrapServers(), "acks", "all"),
            new StringSerializer(),
            new StringSerializer())) {
      for (String value : values) {
        producer.send(new ProducerRecord<>(TOPIC, value)).get(30, TimeUnit.SECONDS);
      }
    }
  }

  private static List<String> receive(EmbeddedKafka kafka, GroupProtocol protocol, int count) {
    List<String> values = new ArrayList<>();
    Map<String, Object> settings =
        Map.of(
            "bootstrap.servers",
            kafka.bootstrapServers(),
            "group.id",
            "readers",
            "group.protocol",
            protocol.name().toLowerCase(Locale.ROOT),
            "auto.offset.reset",
            "earliest",
            "enable.auto.commit",
            "false");
    Map<String, Object> all = new HashMap<>(settings);
    if (protocol == GroupProtocol.CLASSIC) {
      all.put("session.timeout.ms", "3000");
      all.put("heartbeat.interval.ms", "1000");
    }
    try (var consumer =
        new KafkaConsumer<>(all, new StringDeserializer(), new StringDeserializer())) {
      consumer.subscribe(List.of(TOPIC));
      long end = System.nanoTime() + Duration.ofSeconds(30).toNanos();
      while (values.size() < count && System.nanoTime() < end) {
        consumer.poll(Duration.ofMillis(200)).forEach(record -> values.add(record.value()));
      }
      consumer.commitSync(Duration.ofSeconds(30));
    }
    return values;
  }

  static final class Starter {
    private Starter() {}

    static void main(String[] arguments) throws Exception {
      var kafka = EmbeddedKafka.start(EmbeddedKafkaSettings.in(Path.of(arguments[0])));
      createTopic(kafka);
      send(kafka, "one");
      System.out.println("sent");
      Thread.currentThread().join();
    }
  }
}
