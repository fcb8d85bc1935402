package io.holdfast.benchmarks;

import io.holdfast.quickstart.PlatformLog;
import io.holdfast.quickstart.Service;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.springframework.boot.WebApplicationType;

/** Main class of a service's own process in {@link SeparateJvms}. */
final class ServiceUnderTest {

  private ServiceUnderTest() {}

  /** Where the service answers. */
  record About(int port) {}

  /** Arguments: the service, the folder of its log, then what it is to be told. */
  public static void main(String[] arguments) throws IOException {
    PlatformLog.configure(Files.createDirectories(Path.of(arguments[1])));
    try (var context =
        Service.valueOf(arguments[0])
            .application()
            .web(WebApplicationType.SERVLET)
            .registerShutdownHook(false)
            .run(Arrays.copyOfRange(arguments, 2, arguments.length))) {
      int port = context.getEnvironment().getRequiredProperty("local.server.port", Integer.class);
      ChildSide.serve(
          new About(port),
          command -> {
            throw new IllegalArgumentException("unknown command " + command);
          });
    }
  }
}
