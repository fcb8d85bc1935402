package io.holdfast.quickstart;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;

/**
 * A whole run in small: starts a platform in a temporary folder, places an order, stops. The build
 * lets a JVM watch it, which then knows what later starts will load (JEP 514).
 */
final class Rehearsal {

  private Rehearsal() {}

  public static void main(String[] arguments) throws IOException, InterruptedException {
    var data = Files.createTempDirectory("holdfast-rehearsal");
    try {
      PlatformLog.configure(data);
      var settings = PlatformSettings.onFreePorts(data, List.of());
      try (var platform = Platform.start(settings, _ -> {})) {
        Catalogue.seed(platform);
        OrderCommand.main(
            "--order-service.port=" + settings.port(Service.ORDER_SERVICE),
            "--saga-orchestrator.port=" + settings.port(Service.SAGA_ORCHESTRATOR));
      }
    } finally {
      delete(data);
    }
  }

  private static void delete(Path folder) throws IOException {
    try (var paths = Files.walk(folder)) {
      for (var path : paths.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }
}
