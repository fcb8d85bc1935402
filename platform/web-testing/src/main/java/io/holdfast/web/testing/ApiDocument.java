package io.holdfast.web.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A service's OpenAPI document, as tests read it. */
public final class ApiDocument {

  static final JsonMapper JSON = JsonMapper.builder().build();

  private static final String FOLDER = "docs/openapi";
  private static final Set<String> METHODS = Set.of("get", "post", "put", "delete", "patch");

  private final JsonNode root;
  private final List<Operation> operations;

  private ApiDocument(JsonNode root) {
    this.root = root;
    this.operations = operationsOf(root);
  }

  /** The document that is checked in for {@code service}, such as {@code order-service}. */
  public static ApiDocument of(String service) {
    var file = file(service);
    try {
      return of(JSON.readTree(Files.readString(file)));
    } catch (IOException e) {
      throw new UncheckedIOException(
          "there is no document %s: write it with -D%s=true and the service's OpenApiIT"
              .formatted(file, ServiceApi.WRITE),
          e);
    }
  }

  static ApiDocument of(JsonNode root) {
    return new ApiDocument(root);
  }

  static Path file(String service) {
    return root().resolve(FOLDER).resolve(service + ".json");
  }

  /** The project's folder, above the module's whose tests run, or above the platform's. */
  static Path root() {
    var folder = Path.of("").toAbsolutePath();
    while (!Files.isDirectory(folder.resolve("saga-orchestrator"))) {
      var parent = folder.getParent();
      if (parent == null) {
        throw new IllegalStateException("tests run in a folder of the project");
      }
      folder = parent;
    }
    return folder;
  }

  /**
   * Something that can be asked for.
   *
   * @param method in capitals
   * @param path with the names of its parameters in braces
   */
  public record Operation(String method, String path, JsonNode node) {

    @Override
    public String toString() {
      return method + " " + path;
    }

    /** Whether a request to {@code actual}, without its query, asks for this. */
    boolean matches(String actual) {
      return Pattern.matches(path.replaceAll("\\{[^}]+}", "[^/]+"), actual);
    }

    List<JsonNode> parameters(String in) {
      var found = new ArrayList<JsonNode>();
      for (var parameter : node.path("parameters")) {
        if (parameter.path("in").asString().equals(in)) {
          found.add(parameter);
        }
      }
      return found;
    }

    boolean takesBody() {
      return node.has("requestBody");
    }

    /** Media type that its body has; null if it takes none. */
    @Nullable String bodyType() {
      var types = node.path("requestBody").path("content").propertyNames().iterator();
      return types.hasNext() ? types.next() : null;
    }

    /** An example of its body; null if it takes none. */
    @Nullable JsonNode bodyExample() {
      String type = bodyType();
      return type == null
          ? null
          : node.path("requestBody").path("content").path(type).get("example");
    }

    JsonNode response(int status) {
      return node.path("responses").path(Integer.toString(status));
    }
  }

  private static List<Operation> operationsOf(JsonNode root) {
    var operations = new ArrayList<Operation>();
    root.path("paths")
        .forEachEntry(
            (path, item) ->
                item.forEachEntry(
                    (method, node) -> {
                      if (METHODS.contains(method)) {
                        operations.add(
                            new Operation(
                                method.toUpperCase(Locale.ROOT), path, resolved(root, node)));
                      }
                    }));
    return List.copyOf(operations);
  }

  /** With shared parameters and responses in their places. */
  private static JsonNode resolved(JsonNode root, JsonNode operation) {
    var copy = operation.deepCopy().asObject();
    var parameters = copy.path("parameters");
    for (int i = 0; i < parameters.size(); i++) {
      parameters.asArray().set(i, follow(root, parameters.get(i)));
    }
    var responses = copy.path("responses");
    for (var status : List.copyOf(responses.propertyNames())) {
      responses.asObject().set(status, follow(root, responses.path(status)));
    }
    return copy;
  }

  static JsonNode follow(JsonNode root, JsonNode node) {
    String reference = node.path("$ref").asString("");
    return reference.isEmpty() ? node : root.at(reference.substring(1));
  }

  JsonNode json() {
    return root;
  }

  public List<Operation> operations() {
    return operations;
  }

  /**
   * The operation that a request asks for: one with a fixed path rather than one with a parameter.
   *
   * @param path without query
   */
  public Optional<Operation> operation(String method, String path) {
    return operations.stream()
        .filter(operation -> operation.method().equals(method) && operation.matches(path))
        .min((one, other) -> Long.compare(braces(one.path()), braces(other.path())));
  }

  private static long braces(String path) {
    return path.chars().filter(character -> character == '{').count();
  }

  /** Methods that exist for exactly this path. */
  Set<String> methodsOf(String path) {
    var methods = new TreeSet<String>();
    for (var operation : operations) {
      if (operation.path().equals(path) || operation.matches(path)) {
        methods.add(operation.method());
      }
    }
    return methods;
  }

  /**
   * Fields of {@code body} that the operation's schema does not know, as {@code lines[0].colour};
   * free form where the schema is.
   */
  public List<String> unknownFields(Operation operation, JsonNode body) {
    var unknown = new ArrayList<String>();
    String type = operation.bodyType();
    if (type == null) {
      unknown.add("(any body)");
      return unknown;
    }
    collectUnknown(
        operation.node().path("requestBody").path("content").path(type).path("schema"),
        body,
        "",
        unknown);
    return unknown;
  }

  private void collectUnknown(JsonNode schema, JsonNode value, String at, List<String> unknown) {
    var resolved = follow(root, schema);
    if (value.isArray()) {
      for (int i = 0; i < value.size(); i++) {
        collectUnknown(resolved.path("items"), value.get(i), at + "[" + i + "]", unknown);
      }
    } else if (value.isObject() && resolved.has("properties")) {
      Map<String, JsonNode> known = new HashMap<>();
      resolved.path("properties").forEachEntry(known::put);
      value.forEachEntry(
          (name, field) -> {
            String path = at.isEmpty() ? name : at + "." + name;
            var property = known.get(name);
            if (property == null) {
              unknown.add(path);
            } else {
              collectUnknown(property, field, path, unknown);
            }
          });
    }
  }
}
