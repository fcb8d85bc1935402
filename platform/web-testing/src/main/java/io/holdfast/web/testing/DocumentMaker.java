package io.holdfast.web.testing;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonRawValue;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.RecordComponent;
import java.text.MessageFormat;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Currency;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Makes an OpenAPI document of what the code says: what springdoc finds out, completed by Javadoc,
 * by which components of records can be null, and by a service's notes: what no code says in one
 * place, such as an operation's problems. Pure.
 */
final class DocumentMaker {

  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
  private static final String SCHEMAS = "#/components/schemas/";
  private static final String PROBLEM_TYPE = "application/problem+json";
  private static final String JSON_TYPE = "application/json";
  private static final String PROBLEM = "Problem";
  private static final Pattern UNFILLED = Pattern.compile("\\{\\d");

  /** Where a client's code reads which codes a status can have. */
  private static final String CODES = "x-problem-codes";

  private final JsonNode raw;
  private final JsonNode notes;
  private final JsonNode common;
  private final Map<String, HandlerMethod> handlers;
  private final Javadocs docs;
  private final Properties texts;
  private final Examples examples;

  private final ObjectNode schemas = NODES.objectNode();
  private final Map<String, String> names = new LinkedHashMap<>();
  private final Set<String> requests = new LinkedHashSet<>();
  private final Set<String> headers = new LinkedHashSet<>();
  private final List<String> faults = new ArrayList<>();

  /**
   * @param raw what springdoc answers
   * @param handlers what answers, by {@code GET /path}
   * @param texts of problems
   * @param notes the service's
   * @param common what all services share
   */
  DocumentMaker(
      JsonNode raw,
      Map<String, HandlerMethod> handlers,
      Javadocs docs,
      Properties texts,
      JsonNode notes,
      JsonNode common) {
    this.raw = raw;
    this.handlers = handlers;
    this.docs = docs;
    this.texts = texts;
    this.notes = notes;
    this.common = common;
    this.examples = new Examples(List.of(notes.path("examples"), common.path("examples")), schemas);
  }

  /** What is missing for a document that is of use. */
  List<String> faults() {
    return faults;
  }

  /**
   * @param version of the project
   */
  ObjectNode document(String version) {
    noteFaults();
    var document = NODES.objectNode();
    document.put("openapi", "3.1.0");
    document
        .putObject("info")
        .put("title", notes.path("title").asString())
        .put("version", version)
        .put(
            "description",
            notes.path("description").asString() + "\n\n" + common.path("description").asString());
    document
        .putArray("servers")
        .addObject()
        .put("url", "http://localhost:" + notes.path("port").asInt())
        .put("description", "./holdfast run");
    var tags = document.putArray("tags");
    notes
        .path("tags")
        .forEachEntry(
            (name, text) -> tags.addObject().put("name", name).put("description", text.asString()));
    document.set("paths", paths());
    var components = document.putObject("components");
    schemas.set(PROBLEM, common.path(PROBLEM));
    var sorted = new TreeMap<String, JsonNode>();
    schemas.forEachEntry(sorted::put);
    components.set("schemas", NODES.objectNode().setAll(sorted));
    var parameters = components.putObject("parameters");
    headers.stream()
        .sorted()
        .forEach(name -> parameters.set(name, common.path("headers").path(name)));
    var responses = components.putObject("responses");
    common
        .path("responses")
        .forEachEntry((name, response) -> responses.set(name, sharedResponse(response)));
    examples.missing().forEach(field -> faults.add("no example of " + field));
    return document;
  }

  private void noteFaults() {
    var noted = notes.path("operations");
    for (String operation : handlers.keySet()) {
      if (!noted.has(operation)) {
        faults.add("no note of operation " + operation);
      }
    }
    for (String operation : noted.propertyNames()) {
      if (!handlers.containsKey(operation)) {
        faults.add("a note of operation " + operation + ", which nothing answers");
      }
    }
  }

  /** In the order of the notes, which is the order to read them in. */
  private ObjectNode paths() {
    var paths = NODES.objectNode();
    notes
        .path("operations")
        .forEachEntry(
            (operation, note) -> {
              var handler = handlers.get(operation);
              int blank = operation.indexOf(' ');
              String method = operation.substring(0, blank).toLowerCase(Locale.ROOT);
              String path = operation.substring(blank + 1);
              var found = raw.path("paths").path(path).path(method);
              if (handler == null) {
                return;
              }
              if (found.isMissingNode()) {
                faults.add("springdoc does not know " + operation);
                return;
              }
              var item = paths.path(path).isObject() ? paths.get(path).asObject() : null;
              (item == null ? paths.putObject(path) : item)
                  .set(method, operation(operation, found, note, handler));
            });
    return paths;
  }

  private ObjectNode operation(String name, JsonNode found, JsonNode note, HandlerMethod handler) {
    var operation = NODES.objectNode();
    var doc = docs.of(handler.getBeanType(), handler.getMethod().getName());
    if (!note.has("id") || !note.has("summary") || !notes.path("tags").has(tag(note))) {
      faults.add(name + " needs an id, a summary and one of the tags");
    }
    operation.putArray("tags").add(tag(note));
    operation.put("operationId", note.path("id").asString());
    operation.put("summary", note.path("summary").asString());
    if (!doc.text().isEmpty()) {
      operation.put("description", doc.text());
    }
    var parameters = parameters(name, found, note, doc);
    if (!parameters.isEmpty()) {
      operation.set("parameters", parameters);
    }
    if (found.has("requestBody") || note.has("body")) {
      operation.set("requestBody", body(found.path("requestBody"), note));
    }
    operation.set("responses", responses(found, note, handler));
    return operation;
  }

  private static String tag(JsonNode note) {
    return note.path("tag").asString("");
  }

  private ArrayNode parameters(String name, JsonNode found, JsonNode note, Javadocs.Doc doc) {
    var parameters = NODES.arrayNode();
    var shared = new LinkedHashSet<String>();
    for (var header : note.path("headers")) {
      shared.add(header.asString());
    }
    for (var parameter : found.path("parameters")) {
      String parameterName = parameter.path("name").asString();
      if (parameter.path("in").asString().equals("header")) {
        shared.add(parameterName);
        continue;
      }
      var described = NODES.objectNode();
      described.put("name", parameterName);
      described.set("in", parameter.path("in"));
      described.put("description", description(name, parameterName, note, doc));
      described.put("required", parameter.path("required").asBoolean(false));
      var schema = rewritten(parameter.path("schema"));
      described.set("schema", schema);
      if (!schema.has("default")) {
        described.set("example", examples.of(schema, parameterName));
      }
      parameters.add(described);
    }
    for (String header : shared) {
      if (!common.path("headers").has(header)) {
        faults.add(name + " has the header " + header + ", which nobody describes");
      }
      headers.add(header);
      parameters.addObject().put("$ref", "#/components/parameters/" + header);
    }
    return parameters;
  }

  private String description(String operation, String parameter, JsonNode note, Javadocs.Doc doc) {
    for (String text :
        List.of(
            note.path("parameters").path(parameter).asString(""),
            doc.parameter(parameter),
            notes.path("parameters").path(parameter).asString(""),
            common.path("parameters").path(parameter).asString(""))) {
      if (!text.isEmpty()) {
        return text;
      }
    }
    faults.add(operation + ": nobody describes the parameter " + parameter);
    return "";
  }

  private ObjectNode body(JsonNode found, JsonNode note) {
    var body = NODES.objectNode();
    body.put("required", found.path("required").asBoolean(false));
    var media = body.putObject("content").putObject(JSON_TYPE);
    if (note.has("body")) {
      media.set("schema", note.path("body").path("schema"));
      media.set("example", note.path("body").path("example"));
      return body;
    }
    var schema = rewritten(found.path("content").path(JSON_TYPE).path("schema"));
    markRequest(schema);
    media.set("schema", schema);
    media.set("example", note.has("example") ? note.path("example") : examples.of(schema, "body"));
    return body;
  }

  private ObjectNode responses(JsonNode found, JsonNode note, HandlerMethod handler) {
    var responses = NODES.objectNode();
    var content = found.path("responses").path("200").path("content");
    var answers = note.path("answers");
    if (answers.isMissingNode()) {
      answers = NODES.objectNode().put("200", note.path("summary").asString());
    }
    answers.forEachEntry(
        (status, text) -> {
          var response = responses.putObject(status);
          response.put("description", text.asString());
          if (!status.equals("204")) {
            response.set("content", answer(content, note, handler));
          }
        });
    problems(note).forEach(responses::set);
    refer(responses, "406", "NotAcceptable");
    if (found.has("requestBody") || note.has("body")) {
      refer(responses, "413", "TooLarge");
      refer(responses, "415", "UnsupportedMediaType");
    }
    refer(responses, "503", "Unavailable");
    responses.putObject("default").put("$ref", "#/components/responses/Unexpected");
    return responses;
  }

  private static void refer(ObjectNode responses, String status, String name) {
    if (!responses.has(status)) {
      responses.putObject(status).put("$ref", "#/components/responses/" + name);
    }
  }

  private ObjectNode answer(JsonNode content, JsonNode note, HandlerMethod handler) {
    var answer = NODES.objectNode();
    if (handler
        .getMethod()
        .getGenericReturnType()
        .getTypeName()
        .contains(SseEmitter.class.getName())) {
      answer
          .putObject("text/event-stream")
          .put("example", note.path("stream").asString())
          .putObject("schema")
          .put("type", "string");
      return answer;
    }
    content.forEachEntry(
        (type, media) -> {
          var described = answer.putObject(type.equals("*/*") ? JSON_TYPE : type);
          if (!type.contains("json") && !type.equals("*/*")) {
            described.putObject("schema").put("type", "string");
            return;
          }
          var schema = rewritten(media.path("schema"));
          described.set("schema", schema);
          described.set(
              "example", note.has("answer") ? note.path("answer") : examples.of(schema, "answer"));
        });
    return answer;
  }

  /**
   * A problem as the notes have it: {@code 422 | UNKNOWN_SKU | GHOST | lines[0].sku}. The texts are
   * the catalogue's, of the values that are separated by semicolons.
   */
  private record NotedProblem(String status, String code, String values, String field) {

    static NotedProblem of(String text) {
      var parts = Arrays.stream((text + " | | ").split("\\|", -1)).map(String::strip).toList();
      return new NotedProblem(parts.get(0), parts.get(1), parts.get(2), parts.get(3));
    }
  }

  private SortedMap<String, JsonNode> problems(JsonNode note) {
    var noted = new TreeMap<String, List<NotedProblem>>();
    for (var text : note.path("problems")) {
      var problem = NotedProblem.of(text.asString());
      noted.computeIfAbsent(problem.status(), _ -> new ArrayList<>()).add(problem);
    }
    for (var text : common.path("invalid")) {
      noted.computeIfAbsent("400", _ -> new ArrayList<>()).add(NotedProblem.of(text.asString()));
    }
    var responses = new TreeMap<String, JsonNode>();
    noted.forEach((status, problems) -> responses.put(status, problemResponse(status, problems)));
    boolean hasOwn = noted.getOrDefault("400", List.of()).size() > common.path("invalid").size();
    if (!hasOwn) {
      responses.put("400", NODES.objectNode().put("$ref", "#/components/responses/InvalidRequest"));
    }
    return responses;
  }

  private ObjectNode sharedResponse(JsonNode response) {
    var problems = new ArrayList<NotedProblem>();
    for (var text : response.path("problems")) {
      problems.add(NotedProblem.of(text.asString()));
    }
    if (response.path("status").asString().equals("400")) {
      for (var text : common.path("invalid")) {
        problems.add(NotedProblem.of(text.asString()));
      }
    }
    return problemResponse(response.path("status").asString(), problems)
        .put("description", response.path("description").asString());
  }

  private ObjectNode problemResponse(String status, List<NotedProblem> problems) {
    var response = NODES.objectNode();
    response.put(
        "description", problems.stream().map(NotedProblem::code).collect(Collectors.joining(", ")));
    var media = response.putObject("content").putObject(PROBLEM_TYPE);
    media.putObject("schema").put("$ref", SCHEMAS + PROBLEM);
    var shown = media.putObject("examples");
    var codes = NODES.arrayNode();
    for (var problem : problems) {
      codes.add(problem.code());
      var value = shown.putObject(problem.code()).putObject("value");
      value.put("type", "about:blank");
      value.put("title", texts.getProperty(problem.code() + ".title", ""));
      value.put("status", Integer.parseInt(status));
      value.put("detail", detail(problem));
      value.put("code", problem.code());
      if (!problem.field().isEmpty()) {
        value.put("field", problem.field());
      }
      value.put("traceId", "0af7651916cd43dd8448eb211c80319c");
    }
    response.set(CODES, codes);
    return response;
  }

  private String detail(NotedProblem problem) {
    String pattern = texts.getProperty(problem.code() + ".detail", "");
    String detail = MessageFormat.format(pattern, (Object[]) problem.values().split(";", -1));
    if (detail.isEmpty() || UNFILLED.matcher(detail).find()) {
      faults.add("the text of %s needs other values than %s".formatted(problem.code(), problem));
    }
    return detail;
  }

  // Schemas.

  /**
   * With short names, and whole-string patterns; what it refers to becomes part of the document.
   */
  private JsonNode rewritten(JsonNode schema) {
    String reference = schema.path("$ref").asString("");
    if (!reference.isEmpty()) {
      return NODES.objectNode().put("$ref", SCHEMAS + named(SchemaNames.referred(reference)));
    }
    if (!schema.isObject()) {
      return schema;
    }
    var rewritten = NODES.objectNode();
    schema.forEachEntry(
        (key, value) ->
            rewritten.set(
                key,
                switch (key) {
                  case "pattern" -> NODES.stringNode(anchored(value.asString()));
                  case "items", "additionalProperties" -> rewritten(value);
                  case "properties" -> {
                    var properties = NODES.objectNode();
                    value.forEachEntry((name, of) -> properties.set(name, rewritten(of)));
                    yield properties;
                  }
                  default -> value;
                }));
    return rewritten;
  }

  /** Bean validation matches the whole text, JSON Schema any part of it. */
  private static String anchored(String pattern) {
    String portable = pattern.replace("\\p{Cntrl}", "\\p{Cc}");
    return portable.contains("|") ? "^(?:" + portable + ")$" : "^" + portable + "$";
  }

  /** The short name of a schema, which is made if it is asked for the first time. */
  private String named(String springdocName) {
    String known = names.get(springdocName);
    if (known != null) {
      return known;
    }
    var type = SchemaNames.type(springdocName);
    String name =
        type == null
            ? springdocName.substring(springdocName.lastIndexOf('.') + 1)
            : SchemaNames.shortName(type);
    if (names.containsValue(name)) {
      faults.add("two schemas are called " + name);
    }
    names.put(springdocName, name);
    schemas.putObject(name);
    var found = rewritten(raw.path("components").path("schemas").path(springdocName)).asObject();
    schemas.set(name, type != null && type.isRecord() ? record(name, type, found) : found);
    return name;
  }

  private ObjectNode record(String name, Class<?> type, ObjectNode found) {
    var schema = NODES.objectNode();
    schema.put("type", "object");
    String text = docs.of(type).text();
    if (!text.isEmpty()) {
      schema.put("description", text);
    }
    var required = new LinkedHashSet<String>();
    var properties = NODES.objectNode();
    fill(name, type, found, properties, required);
    if (!required.isEmpty()) {
      var names = schema.putArray("required");
      required.forEach(names::add);
    }
    common.path("more").path(name).forEachEntry(properties::set);
    schema.set("properties", properties);
    return schema;
  }

  private void fill(
      String name, Class<?> type, ObjectNode found, ObjectNode properties, Set<String> required) {
    for (var component : type.getRecordComponents()) {
      if (annotated(component, type, JsonUnwrapped.class) != null) {
        fill(name, component.getType(), found, properties, required);
        continue;
      }
      var property = found.path("properties").path(component.getName());
      if (property.isMissingNode()) {
        continue;
      }
      var described = property(component, type, property);
      boolean nullable = component.getAnnotatedType().isAnnotationPresent(Nullable.class);
      var include = (JsonInclude) annotated(component, type, JsonInclude.class);
      boolean leftOut = include != null && include.value() == JsonInclude.Include.NON_NULL;
      if (!leftOut) {
        required.add(component.getName());
      }
      properties.set(
          component.getName(),
          withDescription(
              nullable && !leftOut ? nullable(described) : described,
              description(component, type)));
    }
  }

  private static @Nullable Object annotated(
      RecordComponent component,
      Class<?> type,
      Class<? extends java.lang.annotation.Annotation> annotation) {
    var elements = new ArrayList<AnnotatedElement>(List.of(component, component.getAccessor()));
    try {
      elements.add(type.getDeclaredField(component.getName()));
    } catch (NoSuchFieldException e) {
      throw new IllegalStateException("a record has a field for each component", e);
    }
    return elements.stream()
        .map(element -> element.getAnnotation(annotation))
        .filter(found -> found != null)
        .findFirst()
        .orElse(null);
  }

  private ObjectNode property(RecordComponent component, Class<?> owner, JsonNode found) {
    var type = component.getType();
    if (type == Currency.class) {
      return NODES.objectNode().put("type", "string").put("pattern", "^[A-Z]{3}$");
    }
    if (type == Duration.class) {
      return NODES.objectNode().put("type", "string").put("format", "duration");
    }
    if (type == Instant.class) {
      return NODES.objectNode().put("type", "string").put("format", "date-time");
    }
    if (annotated(component, owner, JsonRawValue.class) != null) {
      return NODES.objectNode().put("type", "object");
    }
    return found.deepCopy().asObject();
  }

  private String description(RecordComponent component, Class<?> owner) {
    var text = new StringBuilder(docs.of(owner).parameter(component.getName()));
    if (component.getType().isEnum()) {
      for (var constant : component.getType().getEnumConstants()) {
        String said = docs.of(component.getType(), constant.toString()).text();
        if (!said.isEmpty()) {
          text.append(text.isEmpty() ? "" : "\n").append("- `").append(constant).append("`: ");
          text.append(said);
        }
      }
    }
    return text.toString();
  }

  private static ObjectNode nullable(ObjectNode schema) {
    // A number with limits, too: the library that checks examples knows limits of one type only.
    if (schema.has("$ref") || schema.has("maximum") || schema.has("minimum")) {
      var either = NODES.objectNode();
      either.putArray("anyOf").add(schema).addObject().put("type", "null");
      return either;
    }
    var type = schema.path("type");
    if (type.isString()) {
      schema.set("type", NODES.arrayNode().add(type.asString()).add("null"));
    }
    if (schema.path("enum").isArray()) {
      schema.path("enum").asArray().addNull();
    }
    return schema;
  }

  private static ObjectNode withDescription(ObjectNode schema, String text) {
    return text.isEmpty() ? schema : schema.put("description", text);
  }

  /** A request may leave out what can be null, and has nothing that is not known. */
  private void markRequest(JsonNode schema) {
    String reference = schema.path("$ref").asString("");
    if (!reference.isEmpty()) {
      String name = SchemaNames.referred(reference);
      if (requests.add(name)) {
        var request = schemas.path(name).asObject();
        request.put("additionalProperties", false);
        var required = NODES.arrayNode();
        for (var field : request.path("required")) {
          if (!Examples.canBeNull(request.path("properties").path(field.asString()))) {
            required.add(field);
          }
        }
        if (required.isEmpty()) {
          request.remove("required");
        } else {
          request.set("required", required);
        }
        markRequest(request);
      }
      return;
    }
    schema.path("properties").forEachEntry((_, property) -> markRequest(property));
    markIfPresent(schema.path("items"));
    for (var either : schema.path("anyOf")) {
      markRequest(either);
    }
  }

  private void markIfPresent(JsonNode items) {
    if (items.isObject()) {
      markRequest(items);
    }
  }
}
