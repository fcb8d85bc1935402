package io.holdfast.quickstart;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.springframework.core.env.SimpleCommandLinePropertySource;

/**
 * Where a {@link Platform} runs.
 *
 * @param data folder of all data, kept between runs
 * @param postgresPort port of PostgreSQL; 0 for any free one
 * @param kafkaPort port of Kafka; 0 for any free one
 * @param kafkaControllerPort port that only the broker itself uses; 0 for any free one
 * @param ports port of each service
 * @param rolePassword password of every role; the database listens on this machine only
 * @param postgresSettings PostgreSQL settings that replace the embedded server's defaults
 * @param serviceArguments further arguments for every service
 */
public record PlatformSettings(
    Path data,
    int postgresPort,
    int kafkaPort,
    int kafkaControllerPort,
    Map<Service, Integer> ports,
    String rolePassword,
    Map<String, String> postgresSettings,
    List<String> serviceArguments) {

  private static final String DATA_OPTION = "--data=";

  public PlatformSettings {
    ports = Map.copyOf(ports);
    postgresSettings = Map.copyOf(postgresSettings);
    serviceArguments = List.copyOf(serviceArguments);
  }

  /**
   * From a command line such as {@code --data=/tmp/holdfast --order-service.port=9000
   * --holdfast.engine.resend-after=1s}. What this class does not know goes to every service.
   *
   * @throws IllegalArgumentException if a port is not a number
   */
  static PlatformSettings of(String... arguments) {
    var options = new SimpleCommandLinePropertySource(arguments);
    var ports = new EnumMap<Service, Integer>(Service.class);
    for (var service : Service.values()) {
      ports.put(service, port(options, service.title() + ".port", service.defaultPort()));
    }
    var known =
        List.of(
            "data",
            "holdfast.postgres.port",
            "holdfast.kafka.port",
            "holdfast.kafka.controller-port");
    var others =
        Arrays.stream(options.getPropertyNames())
            .filter(
                name ->
                    !known.contains(name)
                        && !name.endsWith("-service.port")
                        && !name.equals("saga-orchestrator.port"))
            .map(name -> "--" + name + "=" + options.getProperty(name))
            .toList();
    return new PlatformSettings(
        dataFolder(arguments),
        port(options, "holdfast.postgres.port", 15432),
        port(options, "holdfast.kafka.port", 19092),
        port(options, "holdfast.kafka.controller-port", 19093),
        ports,
        "holdfast",
        Map.of(),
        others);
  }

  /** With ports that nobody has: for a platform that lives beside others. */
  public static PlatformSettings onFreePorts(Path data, List<String> serviceArguments) {
    return new PlatformSettings(data, 0, 0, 0, freePorts(), "holdfast", Map.of(), serviceArguments);
  }

  /** The same with other PostgreSQL settings. */
  public PlatformSettings withPostgresSettings(Map<String, String> postgresSettings) {
    return new PlatformSettings(
        data,
        postgresPort,
        kafkaPort,
        kafkaControllerPort,
        ports,
        rolePassword,
        postgresSettings,
        serviceArguments);
  }

  /** All are open at the same time, so no two services get the same one. */
  private static Map<Service, Integer> freePorts() {
    var sockets = new ArrayList<ServerSocket>();
    var ports = new EnumMap<Service, Integer>(Service.class);
    try {
      for (var service : Service.values()) {
        var socket = new ServerSocket(0);
        sockets.add(socket);
        ports.put(service, socket.getLocalPort());
      }
      for (var socket : sockets) {
        socket.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException("this machine has no free ports", e);
    }
    return ports;
  }

  /**
   * The folder of {@code --data=...}, or {@code data}. Touches no library: the log's place depends
   * on it.
   */
  static Path dataFolder(String... arguments) {
    String folder = "data";
    for (String argument : arguments) {
      if (argument.startsWith(DATA_OPTION)) {
        folder = argument.substring(DATA_OPTION.length());
      }
    }
    return Path.of(folder).toAbsolutePath();
  }

  private static int port(SimpleCommandLinePropertySource options, String name, int otherwise) {
    String value = options.getProperty(name);
    try {
      return value == null ? otherwise : Integer.parseInt(value);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("--%s=%s is not a port number".formatted(name, value), e);
    }
  }

  /** Where {@code service} listens. */
  public int port(Service service) {
    return ports.getOrDefault(service, service.defaultPort());
  }
}
