package io.holdfast.web.testing;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.web.testing.ApiDocument.Operation;
import io.holdfast.web.testing.RawHttp.Answer;
import io.holdfast.web.testing.RawHttp.Header;
import io.holdfast.web.testing.RawHttp.NoAnswer;
import io.holdfast.web.testing.RawHttp.Request;
import java.io.UncheckedIOException;
import java.net.URLEncoder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * Sends wrong requests to every operation of a document and judges the answers: a success as the
 * document says, or a problem document with a code and a trace; never a failure of the server, and
 * never none within the limit.
 */
public final class Fuzz {

  private static final Logger log = LoggerFactory.getLogger(Fuzz.class);
  private static final String SEED = "holdfast.fuzz.seed";
  private static final long FIXED_SEED = 7;
  private static final Duration LIMIT = Duration.ofSeconds(10);
  private static final int AT_ONCE = 4;
  private static final int HEADER_SHARES = 6;
  private static final int SHOWN = 40;
  private static final Set<String> SILENT = Set.of("HEAD");

  /** In what is sent it stands for twelve digits that no other request has. */
  private static final String FRESH = "FRESH";

  private final int port;
  private final ApiDocument document;
  private final ServiceApi.Schemas schemas;
  private final Map<String, String> known = new HashMap<>();
  private final Map<String, JsonNode> bodies = new HashMap<>();
  private final AtomicLong fresh = new AtomicLong(System.nanoTime());
  private Duration limit = LIMIT;

  private Fuzz(int port, ApiDocument document) {
    this.port = port;
    this.document = document;
    this.schemas = new ServiceApi.Schemas(document.json());
    known.put("Idempotency-Key", "fuzz-" + FRESH);
  }

  /** Of what {@code document} describes and {@code port} serves. */
  public static Fuzz of(int port, ApiDocument document) {
    return new Fuzz(port, document);
  }

  /** Names something that exists, so that requests get further than to the first look-up. */
  public Fuzz knowing(String parameter, String value) {
    known.put(parameter, value);
    return this;
  }

  /**
   * A body that gets further than the document's example, such as one that names what exists. Each
   * {@code FRESH} in it, or in a known value, becomes twelve digits that no other request has.
   */
  public Fuzz knowingBody(String operation, String json) {
    bodies.put(operation, ApiDocument.JSON.readTree(json));
    return this;
  }

  Fuzz within(Duration other) {
    limit = other;
    return this;
  }

  /**
   * What mixtures are made of: a seed that is the same in every run, and a new one; or the one of
   * the system property {@code holdfast.fuzz.seed}, which a failure prints.
   */
  public static LongStream seeds() {
    Long given = Long.getLong(SEED);
    return given == null ? LongStream.of(FIXED_SEED, System.nanoTime()) : LongStream.of(given);
  }

  /**
   * One request.
   *
   * @param operation whose answers the document describes; null if it need not be one of them
   * @param refused whether no success can be right
   */
  record Case(@Nullable Operation operation, String what, Request request, boolean refused) {}

  /** What was sent and what was wrong with the answers. */
  public record Report(String what, SortedMap<Integer, Integer> statuses, List<String> failures) {

    public Report {
      failures = List.copyOf(failures);
    }

    public int requests() {
      return statuses.values().stream().mapToInt(Integer::intValue).sum();
    }

    /** Fails with one wrong answer of each kind. */
    public Report assertNoFailures() {
      var kinds = new LinkedHashMap<String, String>();
      failures.forEach(
          failure -> kinds.putIfAbsent(failure.lines().findFirst().orElse(""), failure));
      assertThat(kinds.values().stream().limit(SHOWN))
          .as("%s: %d wrong answers of %d kinds", what, failures.size(), kinds.size())
          .isEmpty();
      return this;
    }
  }

  /** Every operation with every oddity in its path, query and body, one at a time. */
  public Report everyOddity() {
    var cases = new ArrayList<Case>();
    int number = 0;
    for (var operation : document.operations()) {
      collect(operation, number++, cases::add);
    }
    return run("every oddity", cases);
  }

  /** Several oddities in each request, in a mixture that {@code seed} decides. */
  public Report mixtures(long seed, int count) {
    var random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
    var cases = new ArrayList<Case>();
    for (int i = 0; i < count; i++) {
      var operation = document.operations().get(random.nextInt(document.operations().size()));
      cases.add(mixture(operation, random));
    }
    return run("mixtures of -D%s=%d".formatted(SEED, seed), cases);
  }

  private Report run(String what, List<Case> cases) {
    var statuses = new TreeMap<Integer, Integer>();
    var failures = new ConcurrentLinkedQueue<String>();
    long start = System.nanoTime();
    var places = new Semaphore(AT_ONCE);
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (var one : cases) {
        places.acquireUninterruptibly();
        threads.execute(
            () -> {
              try {
                int status = judge(one, failures::add);
                synchronized (statuses) {
                  statuses.merge(status, 1, Integer::sum);
                }
              } catch (RuntimeException e) {
                failures.add("%s%n%s".formatted(e, one.request()));
              } finally {
                places.release();
              }
            });
      }
    }
    log.info(
        "{}: {} requests in {} ms, statuses {}",
        what,
        cases.size(),
        (System.nanoTime() - start) / 1_000_000,
        statuses);
    return new Report(what, statuses, List.copyOf(failures));
  }

  // Judging.

  /** The status; 0 if there was none. */
  private int judge(Case one, Consumer<String> failures) {
    Answer answer;
    try {
      answer = RawHttp.send(port, fresh(one.request()), limit);
    } catch (NoAnswer | UncheckedIOException e) {
      failures.accept(told(one, null, String.valueOf(e.getMessage())));
      return 0;
    }
    for (String fault : faults(one, answer)) {
      failures.accept(told(one, answer, fault));
    }
    return answer.status();
  }

  private Request fresh(Request request) {
    String digits = "%012d".formatted(fresh.incrementAndGet() % 1_000_000_000_000L);
    var body = request.body();
    return new Request(
        request.method(),
        request.target().replace(FRESH, digits),
        request.headers().stream()
            .map(line -> new Header(line.name(), line.value().replace(FRESH, digits)))
            .toList(),
        body == null
            ? null
            : new String(body, ISO_8859_1).replace(FRESH, digits).getBytes(ISO_8859_1));
  }

  private static String told(Case one, @Nullable Answer answer, String fault) {
    String said = answer == null ? "" : answer.body();
    return "%s, %s: %s%n--- asked%n%s%n--- answered %s%n%s%n"
        .formatted(
            one.operation() == null ? "?" : one.operation(),
            one.what(),
            fault,
            one.request(),
            answer == null ? "nothing" : answer.status(),
            said.length() > 600 ? said.substring(0, 600) : said);
  }

  private List<String> faults(Case one, Answer answer) {
    var faults = new ArrayList<String>();
    if (answer.status() < 200 || answer.status() >= 500) {
      faults.add("the status is neither a success nor a refusal");
    }
    if (answer.status() >= 400 && !SILENT.contains(one.request().method())) {
      faults.addAll(problemFaults(one, answer));
    }
    if (answer.status() < 300) {
      if (one.refused()) {
        faults.add("it is wrong and was taken");
      }
      faults.addAll(successFaults(one, answer));
    }
    return faults;
  }

  private List<String> problemFaults(Case one, Answer answer) {
    if (!answer.type().startsWith("application/problem+json")) {
      return List.of("a refusal is application/problem+json, not '" + answer.type() + "'");
    }
    JsonNode problem;
    try {
      problem = ApiDocument.JSON.readTree(answer.body());
    } catch (JacksonException e) {
      return List.of("the problem is no JSON: " + e.getOriginalMessage());
    }
    var faults = new ArrayList<String>();
    if (problem.path("status").asInt(0) != answer.status()) {
      faults.add("the problem says another status");
    }
    String code = problem.path("code").asString("");
    if (!code.matches("[A-Z][A-Z0-9_]*")) {
      faults.add("the problem has no code");
    }
    if (!problem.path("traceId").asString("").matches("[0-9a-f]{32}")) {
      faults.add("the problem has no traceId");
    }
    if (problem.path("detail").asString("").isBlank()) {
      faults.add("the problem has no detail");
    }
    var operation = one.operation();
    if (operation != null) {
      var documented = operation.response(answer.status()).path("x-problem-codes");
      boolean said = false;
      for (var known : documented) {
        said |= known.asString().equals(code);
      }
      if (!said) {
        faults.add("the document does not have the problem %d %s".formatted(answer.status(), code));
      }
    }
    return faults;
  }

  private List<String> successFaults(Case one, Answer answer) {
    var operation = one.operation();
    if (operation == null || SILENT.contains(one.request().method())) {
      return List.of();
    }
    var response = operation.response(answer.status());
    if (response.isMissingNode()) {
      return List.of("the document does not have the status " + answer.status());
    }
    var media = response.path("content").path("application/json");
    if (media.isMissingNode()) {
      return List.of();
    }
    try {
      return schemas.faults(media.path("schema"), ApiDocument.JSON.readTree(answer.body())).stream()
          .map(fault -> "not as the document says: " + fault)
          .toList();
    } catch (JacksonException e) {
      return List.of("the answer is no JSON: " + e.getOriginalMessage());
    }
  }

  // Asking.

  private Request right(Operation operation) {
    var request = Request.of(operation.method(), operation.path());
    for (var parameter : operation.parameters("path")) {
      request =
          request.withTarget(
              request
                  .target()
                  .replace("{" + parameter.path("name").asString() + "}", value(parameter)));
    }
    char separator = '?';
    for (var parameter : operation.parameters("query")) {
      String name = parameter.path("name").asString();
      if (parameter.path("required").asBoolean(false) || known.containsKey(name)) {
        request = request.withTarget(request.target() + separator + name + "=" + value(parameter));
        separator = '&';
      }
    }
    for (var parameter : operation.parameters("header")) {
      if (parameter.path("required").asBoolean(false)) {
        request = request.with(parameter.path("name").asString(), example(parameter));
      }
    }
    var body = body(operation);
    return body == null
        ? request
        : request
            .with("Content-Type", String.valueOf(operation.bodyType()))
            .withBody(body.toString());
  }

  private @Nullable JsonNode body(Operation operation) {
    var given = bodies.get(operation.toString());
    return given == null ? operation.bodyExample() : given;
  }

  private String value(JsonNode parameter) {
    return URLEncoder.encode(example(parameter), UTF_8);
  }

  private String example(JsonNode parameter) {
    String given = known.get(parameter.path("name").asString());
    if (given != null) {
      return given;
    }
    var example =
        parameter.has("example")
            ? parameter.path("example")
            : parameter.path("schema").path("default");
    return example.isValueNode() ? example.asString("") : "";
  }

  private void collect(Operation operation, int number, Consumer<Case> cases) {
    var right = right(operation);
    cases.accept(new Case(operation, "as it should be", right, false));
    for (String method : Oddities.METHODS) {
      if (!document.methodsOf(operation.path()).contains(method)) {
        var other = new Request(method, right.target(), right.headers(), right.body());
        boolean harmless = method.equals("HEAD") || method.equals("OPTIONS");
        cases.accept(new Case(null, "method " + method, other, !harmless));
      }
    }
    // Headers are read in the same way for all: each operation has its share of the odd ones.
    for (int i = number % HEADER_SHARES; i < Oddities.HEADERS.size(); i += HEADER_SHARES) {
      var header = Oddities.HEADERS.get(i);
      cases.accept(
          new Case(
              null,
              "header " + header.name(),
              right.without(header.name()).with(header.name(), header.value()),
              false));
    }
    cases.accept(new Case(null, "headers twice", twice(right), false));
    for (var parameter : operation.parameters("path")) {
      paths(operation, parameter.path("name").asString(), right, cases);
    }
    queries(operation, right, cases);
    for (var header : operation.parameters("header")) {
      if (header.path("required").asBoolean(false)) {
        cases.accept(
            new Case(
                operation,
                "without " + header.path("name").asString(),
                right.without(header.path("name").asString()),
                true));
      }
    }
    var body = body(operation);
    if (body != null) {
      bodies(operation, body, right, cases);
    }
  }

  private static Request twice(Request request) {
    var all = request;
    for (var header : request.headers()) {
      all = all.with(header.name(), header.value());
    }
    return all;
  }

  private void paths(Operation operation, String name, Request right, Consumer<Case> cases) {
    var oddities = new ArrayList<>(Oddities.PARAMETERS);
    oddities.addAll(Oddities.SEGMENTS);
    for (String oddity : oddities) {
      cases.accept(
          new Case(null, "path " + name, withSegment(operation, name, oddity, right), false));
    }
  }

  private Request withSegment(Operation operation, String name, String value, Request right) {
    String path = operation.path().replace("{" + name + "}", value);
    for (var parameter : operation.parameters("path")) {
      path = path.replace("{" + parameter.path("name").asString() + "}", value(parameter));
    }
    int query = right.target().indexOf('?');
    return right.withTarget(query < 0 ? path : path + right.target().substring(query));
  }

  private void queries(Operation operation, Request right, Consumer<Case> cases) {
    int query = right.target().indexOf('?');
    String path = query < 0 ? right.target() : right.target().substring(0, query);
    for (String oddity : Oddities.QUERIES) {
      cases.accept(new Case(null, "query", right.withTarget(path + "?" + oddity), false));
    }
    cases.accept(
        new Case(
            operation,
            "unknown parameter",
            right.withTarget(right.target() + (query < 0 ? "?" : "&") + "colour=red"),
            true));
    for (var parameter : operation.parameters("query")) {
      String name = parameter.path("name").asString();
      if (parameter.path("required").asBoolean(false)) {
        cases.accept(new Case(operation, "without " + name, right.withTarget(path), true));
      }
      String others =
          query < 0
              ? ""
              : Arrays.stream(right.target().substring(query + 1).split("&", -1))
                  .filter(pair -> !pair.startsWith(name + "="))
                  .map(pair -> "&" + pair)
                  .collect(joining());
      for (String oddity : Oddities.PARAMETERS) {
        cases.accept(
            new Case(
                operation,
                "parameter " + name,
                right.withTarget(path + "?" + name + "=" + oddity + others),
                false));
      }
    }
  }

  private void bodies(Operation operation, JsonNode body, Request right, Consumer<Case> cases) {
    for (byte[] oddity : Oddities.bodies(body.toString())) {
      cases.accept(new Case(operation, "body", right.withBody(oddity), false));
    }
    for (String type : Oddities.CONTENT_TYPES) {
      cases.accept(
          new Case(
              null,
              "content type " + type,
              right.without("Content-Type").with("Content-Type", type),
              false));
    }
    cases.accept(new Case(null, "no content type", right.without("Content-Type"), false));
    var places = JsonText.places(body);
    var schema =
        document
            .json()
            .at(
                operation
                    .node()
                    .path("requestBody")
                    .path("content")
                    .path(String.valueOf(operation.bodyType()))
                    .path("schema")
                    .path("$ref")
                    .asString("#")
                    .substring(1));
    var required = new ArrayList<String>();
    schema.path("required").forEach(field -> required.add("/" + field.asString()));
    boolean closed = schema.has("additionalProperties");
    for (String place : places) {
      for (String value : Oddities.VALUES) {
        cases.accept(withJson(operation, right, place, JsonText.with(body, place, value), false));
      }
      if (JsonText.at(body, place).isString()) {
        String text = JsonText.at(body, place).toString();
        for (String ending : Oddities.ENDINGS) {
          String longer = text.substring(0, text.length() - 1) + ending + "\"";
          cases.accept(
              withJson(operation, right, place, JsonText.with(body, place, longer), false));
        }
      }
      cases.accept(
          withJson(
              operation,
              right,
              "without " + place,
              JsonText.without(body, place),
              required.contains(place)));
      cases.accept(
          withJson(operation, right, "twice " + place, JsonText.twice(body, place), false));
    }
    cases.accept(
        withJson(
            operation,
            right,
            "unknown field",
            JsonText.with(body, "", JsonText.plus(body, "\"colour\":\"red\"")),
            closed));
  }

  private static Case withJson(
      Operation operation, Request right, String what, String json, boolean refused) {
    return new Case(operation, "body " + what, right.withBody(json), refused);
  }

  private Case mixture(Operation operation, RandomGenerator random) {
    var request = right(operation);
    int oddities = 1 + random.nextInt(3);
    for (int i = 0; i < oddities; i++) {
      request = odder(operation, request, random);
    }
    return new Case(null, "mixture", request, false);
  }

  private Request odder(Operation operation, Request request, RandomGenerator random) {
    var body = body(operation);
    return switch (random.nextInt(body == null ? 4 : 8)) {
      case 0 -> {
        var header = Oddities.HEADERS.get(random.nextInt(Oddities.HEADERS.size()));
        yield request.with(header.name(), header.value());
      }
      case 1 -> {
        var header = Oddities.HEADERS.get(random.nextInt(Oddities.HEADERS.size()));
        yield request.with(header.name(), randomText(random));
      }
      case 2 -> {
        var names = new ArrayList<String>(List.of("colour", ""));
        operation.parameters("query").forEach(one -> names.add(one.path("name").asString()));
        yield request.withTarget(
            request.target()
                + (request.target().indexOf('?') < 0 ? "?" : "&")
                + names.get(random.nextInt(names.size()))
                + "="
                + URLEncoder.encode(randomText(random), UTF_8));
      }
      case 3 -> {
        var path = operation.parameters("path");
        yield path.isEmpty()
            ? request
            : withSegment(
                operation,
                path.get(random.nextInt(path.size())).path("name").asString(),
                URLEncoder.encode(randomText(random), UTF_8).replace("+", "%20"),
                request);
      }
      default -> request.withBody(JsonText.mixed(String.valueOf(body), random));
    };
  }

  private static String randomText(RandomGenerator random) {
    var text = new StringBuilder();
    int length = random.nextInt(24);
    for (int i = 0; i < length; i++) {
      int bound =
          switch (random.nextInt(4)) {
            case 0 -> 0x20;
            case 1 -> 0x80;
            case 2 -> 0x100;
            default -> 0x7b;
          };
      int character = random.nextInt(bound);
      // A line break would end the header.
      text.append((char) (character == '\r' || character == '\n' ? ' ' : character));
    }
    return text.toString();
  }
}
