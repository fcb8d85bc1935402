package io.holdfast.benchmarks;

import io.holdfast.quickstart.Platform;
import io.holdfast.quickstart.PlatformLog;
import io.holdfast.quickstart.PlatformSettings;
import io.holdfast.quickstart.Service;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/**
 * A process with the platform that is measured: five services and the broker in this JVM,
 * PostgreSQL as its child. It says where it listens, and ends when its standard input ends.
 */
final class ServicesUnderTest {

  /** As every system of the comparison has it; the library counts statements. */
  private static final Map<String, String> POSTGRES_SETTINGS =
      Map.of(
          "shared_buffers", "512MB",
          "max_connections", "300",
          "shared_preload_libraries", "pg_stat_statements");

  static final String READY = "READY ";

  private ServicesUnderTest() {}

  /** Where the platform is to be found. */
  record Address(
      int orderPort,
      int inventoryPort,
      int walletPort,
      String databaseUrl,
      String superuser,
      String superuserPassword,
      String kafka,
      long postgresPid) {}

  /** Arguments: the data folder, then what the services are to be told. */
  public static void main(String[] arguments) throws IOException {
    var data = Path.of(arguments[0]);
    PlatformLog.configure(data);
    var settings =
        PlatformSettings.onFreePorts(data, Arrays.asList(arguments).subList(1, arguments.length))
            .withPostgresSettings(POSTGRES_SETTINGS);
    try (var platform = Platform.start(settings, _ -> {})) {
      System.out.println(
          READY
              + new JsonMapper()
                  .writeValueAsString(
                      new Address(
                          port(platform, Service.ORDER_SERVICE),
                          port(platform, Service.INVENTORY_SERVICE),
                          port(platform, Service.WALLET_SERVICE),
                          platform.databaseUrl(),
                          platform.postgres().superuser(),
                          platform.postgres().superuserPassword(),
                          platform.kafka().bootstrapServers(),
                          postgresPid(data))));
      System.out.flush();
      while (System.in.read() >= 0) {
        // until the benchmark closes it, or dies
      }
    }
  }

  private static int port(Platform platform, Service service) {
    return platform.settings().port(service);
  }

  private static long postgresPid(Path data) throws IOException {
    return Long.parseLong(
        Files.readAllLines(data.resolve("postgres/cluster/postmaster.pid")).getFirst().trim());
  }
}
