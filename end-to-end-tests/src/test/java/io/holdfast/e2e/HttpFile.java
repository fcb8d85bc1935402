package io.holdfast.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Requests as the REST Client of VS Code reads them, as far as {@code docs/api.http} needs it. A
 * comment {@code # -> 200 or 201 state=DONE} tells the answer.
 */
final class HttpFile {

  private static final Pattern VARIABLE = Pattern.compile("@(\\w+)\\s*=\\s*(.*)");
  private static final Pattern NAME = Pattern.compile("# @name (\\w+)");
  private static final Pattern ANSWER = Pattern.compile("# -> (\\d{3}(?: or \\d{3})*)(.*)");
  private static final Pattern REQUEST = Pattern.compile("([A-Z]+) (\\S.*)");
  private static final Pattern REFERENCE = Pattern.compile("\\{\\{([^}]+)}}");
  private static final Pattern DATETIME =
      Pattern.compile("\\$datetime iso8601(?: (-?\\d+) ([smhd]))?");

  private final Map<String, String> variables;
  private final List<Step> steps;

  private HttpFile(Map<String, String> variables, List<Step> steps) {
    this.variables = Map.copyOf(variables);
    this.steps = List.copyOf(steps);
  }

  /**
   * One request, with its variables.
   *
   * @param statuses of which one is answered
   * @param fields of the answer, which it has in the end
   */
  record Step(
      String title,
      @Nullable String name,
      Set<Integer> statuses,
      Map<String, String> fields,
      String method,
      String url,
      Map<String, String> headers,
      @Nullable String body) {}

  static HttpFile of(Path file) {
    try {
      return parsed(Files.readAllLines(file));
    } catch (IOException e) {
      throw new UncheckedIOException(file + " cannot be read", e);
    }
  }

  private static HttpFile parsed(List<String> lines) {
    var variables = new HashMap<String, String>();
    var steps = new ArrayList<Step>();
    var block = new ArrayList<String>();
    for (String line : lines) {
      var variable = VARIABLE.matcher(line);
      if (line.startsWith("###")) {
        addStep(block, steps);
        block.clear();
        block.add(line);
      } else if (variable.matches()) {
        variables.put(variable.group(1), variable.group(2).strip());
      } else {
        block.add(line);
      }
    }
    addStep(block, steps);
    return new HttpFile(variables, steps);
  }

  /** A block without a request is a heading. */
  private static void addStep(List<String> block, List<Step> steps) {
    String title = block.isEmpty() ? "" : block.getFirst().replaceFirst("^#+\\s*", "");
    String name = null;
    var statuses = new TreeSet<Integer>();
    var fields = new LinkedHashMap<String, String>();
    var headers = new LinkedHashMap<String, String>();
    Matcher request = null;
    int at = 1;
    for (; at < block.size() && request == null; at++) {
      String line = block.get(at);
      var named = NAME.matcher(line);
      var answer = ANSWER.matcher(line);
      var asked = REQUEST.matcher(line);
      if (named.matches()) {
        name = named.group(1);
      } else if (answer.matches()) {
        for (String status : answer.group(1).split(" or ", -1)) {
          statuses.add(Integer.parseInt(status));
        }
        for (String field : answer.group(2).strip().split("\\s+", -1)) {
          int equals = field.indexOf('=');
          if (equals > 0) {
            fields.put(field.substring(0, equals), field.substring(equals + 1));
          }
        }
      } else if (asked.matches()) {
        request = asked;
      }
    }
    if (request == null) {
      return;
    }
    for (; at < block.size() && !block.get(at).isBlank(); at++) {
      int colon = block.get(at).indexOf(':');
      headers.put(block.get(at).substring(0, colon), block.get(at).substring(colon + 1).strip());
    }
    String body = String.join("\n", block.subList(Math.min(at, block.size()), block.size()));
    steps.add(
        new Step(
            title,
            name,
            statuses,
            fields,
            request.group(1),
            request.group(2).strip(),
            headers,
            body.isBlank() ? null : body.strip()));
  }

  List<Step> steps() {
    return steps;
  }

  /**
   * The step with values in the place of variables.
   *
   * @param others variables that count before the file's
   * @param answered the value of {@code placed.response.body.$.orderId}
   */
  Step filled(Step step, Map<String, String> others, Function<String, String> answered) {
    var headers = new LinkedHashMap<String, String>();
    step.headers().forEach((name, value) -> headers.put(name, fill(value, others, answered)));
    return new Step(
        step.title(),
        step.name(),
        step.statuses(),
        step.fields(),
        step.method(),
        fill(step.url(), others, answered),
        headers,
        step.body() == null ? null : fill(step.body(), others, answered));
  }

  private String fill(String text, Map<String, String> others, Function<String, String> answered) {
    return REFERENCE
        .matcher(text)
        .replaceAll(
            found -> Matcher.quoteReplacement(value(found.group(1).strip(), others, answered)));
  }

  private String value(String name, Map<String, String> others, Function<String, String> answered) {
    if (name.contains(".response.")) {
      return answered.apply(name);
    }
    if (name.equals("$guid")) {
      return UUID.randomUUID().toString();
    }
    var datetime = DATETIME.matcher(name);
    if (datetime.matches()) {
      return moment(datetime).truncatedTo(ChronoUnit.MILLIS).toString();
    }
    String known = others.containsKey(name) ? others.get(name) : variables.get(name);
    if (known == null) {
      throw new IllegalArgumentException("there is no variable " + name);
    }
    return fill(known, others, answered);
  }

  private static Instant moment(Matcher datetime) {
    if (datetime.group(1) == null) {
      return Instant.now();
    }
    long count = Long.parseLong(datetime.group(1));
    var offset =
        switch (datetime.group(2)) {
          case "s" -> Duration.ofSeconds(count);
          case "m" -> Duration.ofMinutes(count);
          case "h" -> Duration.ofHours(count);
          default -> Duration.ofDays(count);
        };
    return Instant.now().plus(offset);
  }
}
