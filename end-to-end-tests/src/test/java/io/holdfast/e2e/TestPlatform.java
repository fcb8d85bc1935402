package io.holdfast.e2e;

import io.holdfast.quickstart.Platform;
import io.holdfast.quickstart.PlatformSettings;
import io.holdfast.quickstart.Service;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;

/** Starts the quickstart's platform on free ports, with waits short enough for tests. */
final class TestPlatform {

  private TestPlatform() {}

  static Platform start(Path data, String... arguments) {
    var all =
        new ArrayList<>(
            List.of(
                "--holdfast.engine.resend-after=1s",
                "--holdfast.engine.resend-at-most=5s",
                "--logging.level.root=warn"));
    all.addAll(List.of(arguments));
    return Platform.start(
        new PlatformSettings(data, 0, 0, 0, freePorts(), "holdfast", all), _ -> {});
  }

  /** All are open at the same time, so no two services get the same one. */
  private static EnumMap<Service, Integer> freePorts() {
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
      throw new UncheckedIOException(e);
    }
    return ports;
  }
}
