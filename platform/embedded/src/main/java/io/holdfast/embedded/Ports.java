package io.holdfast.embedded;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;

/** Ports on 127.0.0.1. */
final class Ports {

  // Below every system's range for outgoing connections: a client that keeps reconnecting to a
  // stopped server on a port of that range can end up connected to itself and hold the port.
  private static final int FIRST = 20_000;
  private static final int COUNT = 10_000;
  private static final int ATTEMPTS = 1_000;

  private static final Set<Integer> GIVEN = ConcurrentHashMap.newKeySet();

  private Ports() {}

  /** The wanted port, checked to be free; or for 0 a free one that this process gives only once. */
  static int claim(int wanted, String server, String property) {
    if (wanted == 0) {
      return free();
    }
    if (!isFree(wanted)) {
      throw StartupFailure.portTaken(wanted, server, property);
    }
    return wanted;
  }

  private static int free() {
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      int port = FIRST + ThreadLocalRandom.current().nextInt(COUNT);
      if (isFree(port) && GIVEN.add(port)) {
        return port;
      }
    }
    throw new StartupFailure(
        "No free port between %d and %d: stop programs that use them, or set fixed ports."
            .formatted(FIRST, FIRST + COUNT - 1),
        null);
  }

  static boolean isFree(int port) {
    try (ServerSocket socket = new ServerSocket()) {
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), port));
      return true;
    } catch (IOException e) {
      return false;
    }
  }
}
