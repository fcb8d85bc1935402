package io.holdfast.embedded;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicBoolean;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Exit;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;
import org.apache.kafka.server.common.MetadataVersion;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A real Kafka broker (KRaft, broker and controller in one) in this JVM on 127.0.0.1, whose topics,
 * records and group offsets stay in a folder between runs. Topics must be created before use.
 *
 * <p>It sets its own loggers to WARN when nothing else chose a level. A program that configures
 * logging after this (Spring Boot does) keeps them quiet with {@code
 * io/holdfast/embedded/quiet-logging.xml}, to be included in its logback configuration.
 */
public final class EmbeddedKafka implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(EmbeddedKafka.class);

  private static final String SERVER = "Kafka";
  private static final int NODE_ID = 1;
  private static final int PORT_ATTEMPTS = 5;
  private static final List<String> NOISY =
      List.of("kafka", "org.apache.kafka", "state.change.logger");
  private static final AtomicBoolean EXIT_CHANGED = new AtomicBoolean();

  private final DataFolder folder;
  private final EmbeddedKafkaSettings settings;
  private final Path logDirectory;
  private int port;
  private int controllerPort;
  private @Nullable KafkaRaftServer server;
  private boolean stopped;

  private EmbeddedKafka(DataFolder folder, EmbeddedKafkaSettings settings) {
    this.folder = folder;
    this.settings = settings;
    this.logDirectory = folder.resolve("log");
  }

  /**
   * Starts the broker and returns when it serves clients.
   *
   * @throws StartupFailure if it cannot start; nothing is left running then
   */
  public static EmbeddedKafka start(EmbeddedKafkaSettings settings) {
    quietLogging();
    exitWithASentence();
    DataFolder folder = DataFolder.open(settings.dataDirectory());
    EmbeddedKafka kafka = new EmbeddedKafka(folder, settings);
    boolean started = false;
    try {
      kafka.format();
      kafka.launch();
      started = true;
      return kafka;
    } finally {
      if (!started) {
        folder.close();
      }
    }
  }

  /** Host and port for clients; the same after every {@link #restart}. */
  public synchronized String bootstrapServers() {
    return "127.0.0.1:" + port;
  }

  /** Stops the broker in order and gives the folder back. Does nothing the second time. */
  public synchronized void stop() {
    if (stopped) {
      return;
    }
    halt();
    stopped = true;
    folder.close();
  }

  /** {@link #stop} by another name. */
  @Override
  public void close() {
    stop();
  }

  /**
   * Stops the broker and starts it on the same ports and data.
   *
   * @throws StartupFailure if it cannot start again
   */
  public synchronized void restart() {
    if (stopped) {
      throw new IllegalStateException("Stopped for good: start a new one on " + folder.path());
    }
    halt();
    launch();
  }

  // Whole or not at all, under another name first, as EmbeddedPostgres does.
  private void format() {
    if (Files.exists(logDirectory)) {
      return;
    }
    Path fresh = folder.resolve("log.new");
    try {
      DataFolder.deleteTree(fresh);
      Files.createDirectories(fresh);
      new Formatter()
          .setNodeId(NODE_ID)
          .setClusterId(Uuid.randomUuid().toString())
          .setReleaseVersion(MetadataVersion.LATEST_PRODUCTION)
          .setControllerListenerName("CONTROLLER")
          .setMetadataLogDirectory(fresh.toString())
          .addDirectory(fresh.toString())
          .setPrintStream(
              new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8))
          .run();
      Files.move(fresh, logDirectory);
    } catch (IOException e) {
      throw StartupFailure.of(e, folder.path());
    } catch (Exception e) { // Formatter.run declares no less
      throw diagnose(e);
    }
  }

  private synchronized void launch() {
    boolean choosePorts = port == 0 && settings.port() == 0 && settings.controllerPort() == 0;
    if (port == 0) {
      claimPorts();
    }
    for (int attempt = 1; ; attempt++) {
      try {
        launchOnce();
        return;
      } catch (StartupFailure e) {
        if (!choosePorts || attempt == PORT_ATTEMPTS || Ports.isFree(port)) {
          throw e;
        }
        claimPorts(); // somebody took the port between the look and the start
      }
    }
  }

  private void claimPorts() {
    port = Ports.claim(settings.port(), SERVER, EmbeddedKafkaSettings.PORT_PROPERTY);
    controllerPort =
        Ports.claim(
            settings.controllerPort(),
            "Kafka's controller",
            EmbeddedKafkaSettings.CONTROLLER_PORT_PROPERTY);
  }

  private void launchOnce() {
    KafkaRaftServer starting = null;
    try {
      starting = new KafkaRaftServer(KafkaConfig.fromProps(properties(), false), Time.SYSTEM);
      starting.startup();
      server = starting;
    } catch (RuntimeException e) {
      if (starting != null) {
        shutDown(starting);
      }
      throw diagnose(e);
    }
  }

  private void halt() {
    if (server != null) {
      shutDown(server);
      server = null;
    }
  }

  private static void shutDown(KafkaRaftServer server) {
    server.shutdown();
    server.awaitShutdown();
  }

  private Properties properties() {
    Properties properties = new Properties();
    properties.putAll(
        Map.ofEntries(
            Map.entry("process.roles", "broker,controller"),
            Map.entry("node.id", String.valueOf(NODE_ID)),
            Map.entry("controller.quorum.voters", NODE_ID + "@127.0.0.1:" + controllerPort),
            Map.entry("controller.listener.names", "CONTROLLER"),
            Map.entry("inter.broker.listener.name", "PLAINTEXT"),
            Map.entry("listener.security.protocol.map", "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT"),
            Map.entry(
                "listeners",
                "PLAINTEXT://127.0.0.1:%d,CONTROLLER://127.0.0.1:%d"
                    .formatted(port, controllerPort)),
            Map.entry("advertised.listeners", "PLAINTEXT://127.0.0.1:" + port),
            Map.entry("log.dirs", logDirectory.toString()),
            Map.entry("auto.create.topics.enable", "false"),
            Map.entry("log.retention.hours", "168"),
            // Each partition maps index files of this size; 1 MiB serves the segment below.
            Map.entry("log.segment.bytes", "134217728"),
            Map.entry("log.index.size.max.bytes", "1048576"),
            Map.entry("log.cleaner.dedupe.buffer.size", "4194304")));
    // One broker: it is all replicas of everything.
    properties.putAll(
        Map.ofEntries(
            Map.entry("default.replication.factor", "1"),
            Map.entry("min.insync.replicas", "1"),
            Map.entry("offsets.topic.replication.factor", "1"),
            Map.entry("offsets.topic.num.partitions", "4"),
            Map.entry("transaction.state.log.replication.factor", "1"),
            Map.entry("transaction.state.log.min.isr", "1"),
            Map.entry("transaction.state.log.num.partitions", "4"),
            Map.entry("share.coordinator.state.topic.replication.factor", "1"),
            Map.entry("share.coordinator.state.topic.min.isr", "1"),
            Map.entry("share.coordinator.state.topic.num.partitions", "4")));
    // A killed broker's registration bars its successor for one session.
    properties.putAll(
        Map.ofEntries(
            Map.entry("broker.session.timeout.ms", "2000"),
            Map.entry("broker.heartbeat.interval.ms", "500"),
            Map.entry("server.max.startup.time.ms", "60000"),
            // Consumers may detect a dead member in 3 to 6 s, under both group protocols.
            Map.entry("group.initial.rebalance.delay.ms", "0"),
            Map.entry("group.min.session.timeout.ms", "1000"),
            Map.entry("group.consumer.min.session.timeout.ms", "3000"),
            Map.entry("group.consumer.session.timeout.ms", "6000"),
            Map.entry("group.consumer.min.heartbeat.interval.ms", "500"),
            Map.entry("group.consumer.heartbeat.interval.ms", "1000"),
            // Idle work: the controller's no-op records, and threads for more clients than it has.
            Map.entry("metadata.max.idle.interval.ms", "5000"),
            Map.entry("num.network.threads", "2"),
            Map.entry("num.io.threads", "4"),
            Map.entry("background.threads", "4")));
    return properties;
  }

  private StartupFailure diagnose(Throwable failure) {
    Throwable root = failure;
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      root = cause;
      if (cause instanceof StartupFailure known) {
        return known;
      }
    }
    String said = failure + " " + root;
    if (said.contains("Address already in use")) {
      return Ports.isFree(controllerPort)
          ? StartupFailure.portTaken(port, SERVER, EmbeddedKafkaSettings.PORT_PROPERTY)
          : StartupFailure.portTaken(
              controllerPort, "Kafka's controller", EmbeddedKafkaSettings.CONTROLLER_PORT_PROPERTY);
    }
    if (root instanceof IOException io && StartupFailure.isKnown(io)) {
      return StartupFailure.of(io, folder.path());
    }
    String detail = root.getMessage() == null ? root.getClass().getSimpleName() : root.getMessage();
    return StartupFailure.brokenFolder(SERVER, folder.path(), detail, failure);
  }

  private static void quietLogging() {
    if (LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
      for (String name : NOISY) {
        ch.qos.logback.classic.Logger logger = context.getLogger(name);
        if (logger.getLevel() == null) {
          logger.setLevel(Level.WARN);
        }
      }
    }
  }

  // A broker that cannot go on (its disk is full, its log is broken) halts the JVM without a word.
  // Exiting instead lets the shutdown hooks stop PostgreSQL; on a thread of its own, since the
  // broker's thread is one that the hooks wait for.
  private static void exitWithASentence() {
    if (!EXIT_CHANGED.compareAndSet(false, true)) {
      return;
    }
    Exit.Procedure exit =
        (status, message) -> {
          LOG.error(
              "The Kafka broker gave up ({}): see the errors above; most often its disk is full.",
              message == null ? "status " + status : message);
          Thread.ofPlatform().name("kafka-gave-up").start(() -> System.exit(status));
        };
    Exit.setExitProcedure(exit);
    Exit.setHaltProcedure(exit);
  }
}
