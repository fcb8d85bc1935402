package io.holdfast.web.testing;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Makes examples of whole bodies from examples of their fields. A field's example is looked up by
 * {@code Schema.field}, then by {@code field}.
 */
final class Examples {

  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private final List<JsonNode> sources;
  private final ObjectNode schemas;
  private final List<String> missing = new ArrayList<>();

  /**
   * @param sources examples by field; the first that has one counts
   * @param schemas all that can be referred to
   */
  Examples(List<JsonNode> sources, ObjectNode schemas) {
    this.sources = sources;
    this.schemas = schemas;
  }

  /** Fields that nobody has given an example of. */
  List<String> missing() {
    return missing;
  }

  /**
   * @param schema of the finished document
   * @param name of the field or parameter that has it
   */
  JsonNode of(JsonNode schema, String name) {
    return of(schema, "", name);
  }

  private JsonNode of(JsonNode schema, String owner, String name) {
    var given = given(owner, name);
    if (given != null) {
      return given;
    }
    String reference = schema.path("$ref").asString("");
    if (!reference.isEmpty()) {
      String referred = SchemaNames.referred(reference);
      return object(schemas.path(referred), referred);
    }
    if (schema.has("anyOf")) {
      return of(schema.path("anyOf").get(0), owner, name);
    }
    if (schema.has("enum")) {
      return schema.path("enum").get(0);
    }
    return switch (type(schema)) {
      case "array" -> NODES.arrayNode().add(of(schema.path("items"), owner, name));
      case "object" -> object(schema, name);
      case "boolean" -> NODES.booleanNode(false);
      case String type -> {
        missing.add((owner.isEmpty() ? "" : owner + ".") + name + " (" + type + ")");
        yield NODES.nullNode();
      }
    };
  }

  private JsonNode object(JsonNode schema, String schemaName) {
    var object = NODES.objectNode();
    schema
        .path("properties")
        .forEachEntry(
            (name, property) -> {
              var value = of(property, schemaName, name);
              // What can't be null is left out.
              if (!value.isNull() || canBeNull(property)) {
                object.set(name, value);
              }
            });
    return object;
  }

  static boolean canBeNull(JsonNode schema) {
    for (var type : schema.path("type")) {
      if (type.asString().equals("null")) {
        return true;
      }
    }
    return schema.has("anyOf");
  }

  private @Nullable JsonNode given(String owner, String name) {
    for (var source : sources) {
      if (!owner.isEmpty() && source.has(owner + "." + name)) {
        return source.get(owner + "." + name);
      }
    }
    for (var source : sources) {
      if (source.has(name)) {
        return source.get(name);
      }
    }
    return null;
  }

  /** The first of several types; a schema without type can be anything. */
  private static String type(JsonNode schema) {
    var type = schema.path("type");
    return type.isArray() ? type.get(0).asString() : type.asString("object");
  }
}
