package io.holdfast.benchmarks.scenario;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import io.holdfast.messaging.UuidV7;
import io.holdfast.quickstart.Service;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("R-M7")
class BooksReaderTest {

  /** By this the command knows what to say. */
  @Test
  void whatGoesWrongWhileManyReadIsThrownAsItIs() throws IOException {
    var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          exchange.sendResponseHeaders(404, -1);
          exchange.close();
        });
    server.start();
    try {
      var ports = Map.of(Service.ORDER_SERVICE, server.getAddress().getPort());
      var journal = new Journal();
      journal.paidIn(UuidV7.next(), 1);
      var reader =
          new BooksReader(new Client(new Target(ports, null)), journal, null, Instant.now());

      assertThatThrownBy(reader::read)
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("answered 404");
    } finally {
      server.stop(0);
    }
  }
}
