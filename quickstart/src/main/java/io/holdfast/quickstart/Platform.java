package io.holdfast.quickstart;

import io.holdfast.embedded.DatabaseSetup;
import io.holdfast.embedded.EmbeddedKafka;
import io.holdfast.embedded.EmbeddedKafkaSettings;
import io.holdfast.embedded.EmbeddedPostgres;
import io.holdfast.embedded.EmbeddedPostgresSettings;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.WebApplicationType;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * A whole Holdfast in this JVM. Services talk as they do in production, by HTTP and Kafka only,
 * each with a context, a port, a schema and a role of its own.
 */
public final class Platform implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(Platform.class);
  private static final String DATABASE = "holdfast";

  private final EmbeddedPostgres postgres;
  private final EmbeddedKafka kafka;
  private final Map<Service, ConfigurableApplicationContext> contexts = new ConcurrentHashMap<>();
  private final PlatformSettings settings;

  private Platform(PlatformSettings settings, EmbeddedPostgres postgres, EmbeddedKafka kafka) {
    this.settings = settings;
    this.postgres = postgres;
    this.kafka = kafka;
  }

  /**
   * Starts the servers, prepares the database, starts the services.
   *
   * @throws io.holdfast.embedded.StartupFailure with one sentence that says what to do, where the
   *     user can mend it
   */
  public static Platform start(PlatformSettings settings, Progress progress) {
    var platform = startServers(settings, progress);
    try {
      progress.say("starting the five services");
      platform.startAll(progress);
      return platform;
    } catch (RuntimeException e) {
      platform.close();
      throw e;
    }
  }

  /** Like {@link #start}, without any service. */
  public static Platform startServers(PlatformSettings settings, Progress progress) {
    progress.say("starting PostgreSQL and Kafka");
    var kafkaStart = CompletableFuture.supplyAsync(() -> startKafka(settings));
    var platform = startPostgresThenJoin(settings, kafkaStart);
    try {
      platform.prepareDatabase();
      return platform;
    } catch (RuntimeException e) {
      platform.close();
      throw e;
    }
  }

  private static EmbeddedKafka startKafka(PlatformSettings settings) {
    return EmbeddedKafka.start(
        new EmbeddedKafkaSettings(
            settings.data().resolve("kafka"),
            settings.kafkaPort(),
            settings.kafkaControllerPort()));
  }

  private static Platform startPostgresThenJoin(
      PlatformSettings settings, CompletableFuture<EmbeddedKafka> kafkaStart) {
    EmbeddedPostgres postgres;
    try {
      postgres =
          EmbeddedPostgres.start(
              new EmbeddedPostgresSettings(
                  settings.data().resolve("postgres"),
                  settings.postgresPort(),
                  settings.postgresSettings()));
    } catch (RuntimeException e) {
      stopOnceStarted(kafkaStart);
      throw e;
    }
    try {
      return new Platform(settings, postgres, kafkaStart.orTimeout(2, TimeUnit.MINUTES).join());
    } catch (CompletionException e) {
      postgres.stop();
      throw e.getCause() instanceof RuntimeException cause ? cause : e;
    }
  }

  private static void stopOnceStarted(CompletableFuture<EmbeddedKafka> kafkaStart) {
    try {
      kafkaStart.orTimeout(2, TimeUnit.MINUTES).join().stop();
    } catch (CompletionException e) {
      log.info("Kafka did not start either", e);
    }
  }

  private void prepareDatabase() {
    try {
      DatabaseSetup.prepare(
          postgres.jdbcUrl("postgres"),
          postgres.superuser(),
          postgres.superuserPassword(),
          DATABASE,
          Service.schemas(),
          role -> settings.rolePassword());
    } catch (SQLException e) {
      throw new IllegalStateException("the database could not be prepared: " + e.getMessage(), e);
    }
  }

  /** All at once: each waits for the database and the broker more than for a processor. */
  private void startAll(Progress progress) {
    try (var starts = Executors.newThreadPerTaskExecutor(Thread.ofPlatform().factory())) {
      var begun =
          Stream.of(Service.values())
              .map(
                  service ->
                      CompletableFuture.runAsync(
                          () -> {
                            start(service);
                            progress.say(service.title() + " is up");
                          },
                          starts))
              .toArray(CompletableFuture<?>[]::new);
      CompletableFuture.allOf(begun).join();
    } catch (CompletionException e) {
      throw e.getCause() instanceof RuntimeException cause ? cause : e;
    }
  }

  /** Starts a service that is not running. */
  public void start(Service service) {
    contexts.put(
        service,
        service
            .application()
            .web(WebApplicationType.SERVLET)
            .registerShutdownHook(false)
            .run(arguments(service, 1).toArray(String[]::new)));
  }

  /**
   * What one instance of a service is told, in this JVM or in one of its own.
   *
   * @param instance from 1; the first has the service's port, all others take any free one
   */
  public List<String> arguments(Service service, int instance) {
    String name = service.title() + (instance > 1 ? "-" + instance : "");
    var arguments = new ArrayList<String>();
    arguments.add("--server.port=" + (instance > 1 ? 0 : settings.port(service)));
    arguments.add("--spring.datasource.url=" + postgres.jdbcUrl(DATABASE));
    arguments.add("--spring.datasource.username=" + service.schema());
    arguments.add("--spring.datasource.password=" + settings.rolePassword());
    // A login costs 20 ms of hashing, and five full pools are forty of them: the start needs few.
    arguments.add("--spring.datasource.hikari.minimum-idle=1");
    arguments.add("--spring.kafka.bootstrap-servers=" + kafka.bootstrapServers());
    arguments.add("--spring.kafka.consumer.properties.group.instance.id=quickstart-" + name);
    arguments.add("--holdfast.payment.api-base=" + sandboxUrl());
    if (service == Service.SAGA_ORCHESTRATOR) {
      arguments.addAll(relayArguments());
    }
    arguments.addAll(settings.serviceArguments());
    return arguments;
  }

  /** One relay serves every outbox of the database; it lives with the service that stops last. */
  private List<String> relayArguments() {
    return List.of(
        "--holdfast.relay.enabled=true",
        "--holdfast.relay.database.host=127.0.0.1",
        "--holdfast.relay.database.port=" + postgres.port(),
        "--holdfast.relay.database.name=" + DATABASE,
        "--holdfast.relay.database.password=" + settings.rolePassword());
  }

  private String sandboxUrl() {
    return "http://127.0.0.1:" + settings.port(Service.PAYMENT_SERVICE) + "/sandbox";
  }

  /** Stops a service, as a deployment would. */
  public void stop(Service service) {
    var context = contexts.remove(service);
    if (context != null) {
      context.close();
    }
  }

  public EmbeddedPostgres postgres() {
    return postgres;
  }

  public EmbeddedKafka kafka() {
    return kafka;
  }

  public PlatformSettings settings() {
    return settings;
  }

  /** Where {@code service} answers. */
  public String url(Service service) {
    return "http://127.0.0.1:" + settings.port(service);
  }

  /** JDBC URL of the database that all schemas are in. */
  public String databaseUrl() {
    return postgres.jdbcUrl(DATABASE);
  }

  /** In order: services, the one with the relay last; then Kafka; then PostgreSQL. */
  @Override
  public void close() {
    var others = new ArrayList<>(contexts.keySet());
    others.remove(Service.SAGA_ORCHESTRATOR);
    CompletableFuture.allOf(
            others.stream()
                .map(service -> CompletableFuture.runAsync(() -> stop(service)))
                .toArray(CompletableFuture[]::new))
        .orTimeout(20, TimeUnit.SECONDS)
        .exceptionally(_ -> null)
        .join();
    stop(Service.SAGA_ORCHESTRATOR);
    kafka.stop();
    postgres.stop();
  }

  /** Hears how far the start is. */
  @FunctionalInterface
  public interface Progress {
    void say(String what);
  }
}
