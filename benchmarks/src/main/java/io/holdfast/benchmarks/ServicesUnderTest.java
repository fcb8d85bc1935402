package io.holdfast.benchmarks;

import io.holdfast.quickstart.Platform;
import io.holdfast.quickstart.PlatformLog;
import io.holdfast.quickstart.Service;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/** Main class of the process in {@link OneJvm}: five services and the broker. */
final class ServicesUnderTest {

  static final String START = "start ";
  static final String STOP = "stop ";

  private ServicesUnderTest() {}

  /** Where everything is. */
  record About(Servers servers, Address address) {}

  /** Arguments: the data folder, then what the services are to be told. */
  public static void main(String[] arguments) throws IOException {
    var data = Path.of(arguments[0]);
    PlatformLog.configure(data);
    var settings = Servers.settings(data, Arrays.asList(arguments).subList(1, arguments.length));
    try (var platform = Platform.start(settings, _ -> {})) {
      ChildSide.serve(
          new About(
              Servers.of(platform),
              new Address(
                  List.of(settings.port(Service.ORDER_SERVICE)),
                  settings.port(Service.INVENTORY_SERVICE),
                  settings.port(Service.WALLET_SERVICE),
                  settings.port(Service.PAYMENT_SERVICE),
                  settings.port(Service.SAGA_ORCHESTRATOR))),
          command -> run(platform, command));
    }
  }

  private static void run(Platform platform, String command) {
    if (command.startsWith(START)) {
      platform.start(Service.valueOf(command.substring(START.length())));
    } else if (command.startsWith(STOP)) {
      platform.stop(Service.valueOf(command.substring(STOP.length())));
    } else {
      throw new IllegalArgumentException("unknown command " + command);
    }
  }
}
