package io.holdfast.quickstart;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;

/** JSON over HTTP, with a limit on every wait. */
public final class HttpJson {

  private static final Duration TIME_LIMIT = Duration.ofSeconds(35);

  private final HttpClient client =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(3))
          .build();
  private final JsonMapper json = new JsonMapper();

  /** A status and a body; null JSON where there was no body. */
  public record Answer(int status, JsonNode body) {}

  /** An answer that is not a success. */
  public static final class Refused extends RuntimeException {
    Refused(String message) {
      super(message);
    }
  }

  public JsonNode get(String url) {
    return success(url, send(request(url).GET()));
  }

  public JsonNode put(String url, Object body) {
    return success(url, tryPut(url, body));
  }

  /** Whatever the status is. */
  public Answer tryPut(String url, Object body) {
    return send(request(url).PUT(BodyPublishers.ofString(json.writeValueAsString(body))));
  }

  public JsonNode post(String url, Object body, String... headers) {
    return success(url, tryPost(url, body, headers));
  }

  /** Whatever the status is. */
  public Answer tryPost(String url, Object body, String... headers) {
    return send(
        with(headers, request(url)).POST(BodyPublishers.ofString(json.writeValueAsString(body))));
  }

  /** Whatever the status is. */
  public Answer tryGet(String url, String... headers) {
    return send(with(headers, request(url)).GET());
  }

  private static HttpRequest.Builder with(String[] headers, HttpRequest.Builder request) {
    return headers.length > 0 ? request.headers(headers) : request;
  }

  private static HttpRequest.Builder request(String url) {
    return HttpRequest.newBuilder(URI.create(url))
        .timeout(TIME_LIMIT)
        .header("Content-Type", "application/json");
  }

  private static JsonNode success(String url, Answer answer) {
    if (answer.status() >= 300) {
      var detail = answer.body().path("detail");
      throw new Refused(
          "%s answered %d: %s"
              .formatted(
                  url,
                  answer.status(),
                  detail.isString()
                      ? detail.asString() + " (" + answer.body().path("code").asString("") + ")"
                      : answer.body()));
    }
    return answer.body();
  }

  private Answer send(HttpRequest.Builder request) {
    try {
      var response = client.send(request.build(), BodyHandlers.ofString());
      return new Answer(
          response.statusCode(),
          response.body().isEmpty()
              ? JsonNodeFactory.instance.nullNode()
              : json.readTree(response.body()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while waiting for an answer", e);
    }
  }
}
