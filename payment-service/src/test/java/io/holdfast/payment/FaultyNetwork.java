package io.holdfast.payment;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.function.Function;
import org.springframework.boot.web.server.context.WebServerInitializedEvent;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ApplicationListener;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.MapPropertySource;

/** What lies between the service and the provider, and loses what a test wants it to lose. */
public final class FaultyNetwork {

  public static final FaultyNetwork NETWORK = new FaultyNetwork();

  /** What happens to a request. */
  public enum Fault {
    NONE,
    /** It never arrives, and the sender is not told. */
    LOST,
    /** It arrives; its answer does not. */
    ANSWER_LOST,
    /** The provider cannot handle it. */
    UNAVAILABLE
  }

  private static final Duration LIMIT = Duration.ofSeconds(10);
  private static final List<String> CARRIED =
      List.of("Authorization", "Idempotency-Key", "Content-Type");

  private final HttpServer server;
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  /** Ports of the contexts that talk through it, by the first part of their paths. */
  private final Map<String, Integer> targets = new ConcurrentHashMap<>();

  private volatile Function<String, Fault> faults = _ -> Fault.NONE;

  private FaultyNetwork() {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/", this::handle);
    server.start();
  }

  /** From now on, {@code faults} says what happens to a request such as {@code POST /capture}. */
  public void loses(Function<String, Fault> faults) {
    this.faults = faults;
  }

  public void heals() {
    faults = _ -> Fault.NONE;
  }

  private String apiBase(String context) {
    return "http://localhost:%d/%s/sandbox".formatted(server.getAddress().getPort(), context);
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      String path = exchange.getRequestURI().getPath();
      String request = exchange.getRequestMethod() + " " + path.substring(path.lastIndexOf('/'));
      switch (faults.apply(request)) {
        case NONE -> answer(exchange, forward(exchange));
        case LOST -> exchange.getRequestBody().readAllBytes();
        case ANSWER_LOST -> forward(exchange);
        case UNAVAILABLE -> exchange.sendResponseHeaders(503, -1);
      }
    }
  }

  private HttpResponse<byte[]> forward(HttpExchange exchange) throws IOException {
    var parts = exchange.getRequestURI().toString().split("/", 3);
    var target = "http://localhost:%d/%s".formatted(targets.get(parts[1]), parts[2]);
    var request =
        HttpRequest.newBuilder(URI.create(target))
            .timeout(LIMIT)
            .method(
                exchange.getRequestMethod(),
                HttpRequest.BodyPublishers.ofByteArray(exchange.getRequestBody().readAllBytes()));
    for (String name : CARRIED) {
      Optional.ofNullable(exchange.getRequestHeaders().getFirst(name))
          .ifPresent(value -> request.header(name, value));
    }
    try {
      return client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  private static void answer(HttpExchange exchange, HttpResponse<byte[]> response)
      throws IOException {
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    exchange.sendResponseHeaders(response.statusCode(), response.body().length);
    exchange.getResponseBody().write(response.body());
  }

  /** Makes a context talk to its own sandbox through the network. */
  static final class InFrontOfTheSandbox
      implements ApplicationContextInitializer<ConfigurableApplicationContext> {

    @Override
    public void initialize(ConfigurableApplicationContext context) {
      String name = UUID.randomUUID().toString();
      context
          .getEnvironment()
          .getPropertySources()
          .addFirst(
              new MapPropertySource(
                  "network", Map.of("holdfast.payment.api-base", NETWORK.apiBase(name))));
      ApplicationListener<WebServerInitializedEvent> started =
          event -> NETWORK.targets.put(name, event.getWebServer().getPort());
      context.addApplicationListener(started);
    }
  }
}
