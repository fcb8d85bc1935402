package io.holdfast.benchmarks.scenario;

import io.holdfast.quickstart.HttpJson;
import io.holdfast.quickstart.HttpJson.Answer;
import io.holdfast.quickstart.Service;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Talks to a Holdfast as a careful client does: what may not have arrived is sent again. */
final class Client {

  private static final int ATTEMPTS = 8;
  private static final long FIRST_PAUSE_MILLIS = 50;
  private static final long LONGEST_PAUSE_MILLIS = 2_000;
  private static final int FIRST_REFUSAL = 300;
  private static final int UNAVAILABLE = 503;
  private static final JsonMapper JSON =
      JsonMapper.builder().disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES).build();

  private final Target target;
  private final HttpJson http = new HttpJson();

  Client(Target target) {
    this.target = target;
  }

  /** Whatever the answer is, once there is one. Sent again, it has to be the same request. */
  Answer post(Service service, String path, Object body, String... headers) {
    String url = target.url(service, path);
    return persistently(url, () -> http.tryPost(url, body, headers));
  }

  /**
   * @throws IllegalStateException if the answer is no success
   */
  void put(Service service, String path, Object body) {
    String url = target.url(service, path);
    success(url, persistently(url, () -> http.tryPut(url, body)));
  }

  /** Whatever the answer is, once there is one. */
  Answer tryGet(Service service, String path, String... headers) {
    String url = target.url(service, path);
    return persistently(url, () -> http.tryGet(url, headers));
  }

  /**
   * @throws IllegalStateException if the answer is no success
   */
  JsonNode get(Service service, String path, String... headers) {
    return success(target.url(service, path), tryGet(service, path, headers));
  }

  private static JsonNode success(String url, Answer answer) {
    if (answer.status() >= FIRST_REFUSAL) {
      throw new IllegalStateException(
          "%s answered %d: %s".formatted(url, answer.status(), answer.body()));
    }
    return answer.body();
  }

  <T> T get(Service service, String path, Class<T> type) {
    return read(get(service, path), type);
  }

  static <T> T read(JsonNode json, Class<T> type) {
    return JSON.treeToValue(json, type);
  }

  static <T> List<T> list(JsonNode array, Class<T> type) {
    var list = new ArrayList<T>();
    array.forEach(element -> list.add(read(element, type)));
    return list;
  }

  private static Answer persistently(String url, Supplier<Answer> request) {
    long pause = FIRST_PAUSE_MILLIS;
    for (int attempt = 1; ; attempt++) {
      String why;
      try {
        var answer = request.get();
        if (answer.status() != UNAVAILABLE || attempt == ATTEMPTS) {
          return answer;
        }
        why = "answers " + answer.body();
      } catch (UncheckedIOException e) {
        if (attempt == ATTEMPTS) {
          throw new IllegalStateException("nobody answers at " + url, e);
        }
        why = String.valueOf(e.getMessage());
      }
      try {
        Thread.sleep(pause);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException("interrupted while %s %s".formatted(url, why), e);
      }
      pause = Math.min(2 * pause, LONGEST_PAUSE_MILLIS);
    }
  }
}
