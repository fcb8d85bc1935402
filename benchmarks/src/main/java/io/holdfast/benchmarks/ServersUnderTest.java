package io.holdfast.benchmarks;

import io.holdfast.quickstart.Platform;
import io.holdfast.quickstart.PlatformLog;
import io.holdfast.quickstart.Service;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** Main class of the process with PostgreSQL and Kafka in {@link SeparateJvms}. */
final class ServersUnderTest {

  private ServersUnderTest() {}

  /**
   * Where the servers are.
   *
   * @param arguments what each instance of each service is to be told
   */
  record About(Servers servers, Map<Service, List<List<String>>> arguments) {}

  /** Arguments: the data folder, the number of instances, then what the services are to be told. */
  public static void main(String[] arguments) throws IOException {
    var data = Path.of(arguments[0]);
    int instances = Integer.parseInt(arguments[1]);
    PlatformLog.configure(data);
    var settings = Servers.settings(data, Arrays.asList(arguments).subList(2, arguments.length));
    try (var platform = Platform.startServers(settings, _ -> {})) {
      var told = new EnumMap<Service, List<List<String>>>(Service.class);
      for (var service : Service.values()) {
        told.put(
            service,
            IntStream.rangeClosed(1, instances)
                .mapToObj(instance -> platform.arguments(service, instance))
                .toList());
      }
      ChildSide.serve(
          new About(Servers.of(platform), told),
          command -> {
            throw new IllegalArgumentException("unknown command " + command);
          });
    }
  }
}
