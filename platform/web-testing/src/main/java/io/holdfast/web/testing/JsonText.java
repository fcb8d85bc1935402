package io.holdfast.web.testing;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import tools.jackson.databind.JsonNode;

/** JSON with parts that no JSON library writes. A place is a JSON pointer. */
final class JsonText {

  private JsonText() {}

  /** Every value in {@code node} but the whole. */
  static List<String> places(JsonNode node) {
    var places = new ArrayList<String>();
    collect(node, "", places);
    return places;
  }

  private static void collect(JsonNode node, String at, List<String> places) {
    if (!at.isEmpty()) {
      places.add(at);
    }
    if (node.isObject()) {
      node.forEachEntry((name, field) -> collect(field, at + "/" + name, places));
    } else if (node.isArray()) {
      for (int i = 0; i < node.size(); i++) {
        collect(node.get(i), at + "/" + i, places);
      }
    }
  }

  static JsonNode at(JsonNode node, String place) {
    return node.at(place);
  }

  /** With {@code text} in {@code place}. */
  static String with(JsonNode node, String place, String text) {
    return written(node, "", place, text, Change.REPLACE);
  }

  /** With nothing in {@code place}. */
  static String without(JsonNode node, String place) {
    return written(node, "", place, "", Change.DROP);
  }

  /** With two fields or elements where there was one. */
  static String twice(JsonNode node, String place) {
    return written(node, "", place, "", Change.REPEAT);
  }

  /** An object with one more field. */
  static String plus(JsonNode object, String field) {
    String text = object.toString();
    String inner = text.substring(1, text.length() - 1);
    return "{" + inner + (inner.isEmpty() ? "" : ",") + field + "}";
  }

  private enum Change {
    REPLACE,
    DROP,
    REPEAT
  }

  private static String written(
      JsonNode node, String at, String place, String text, Change change) {
    if (at.equals(place) && change == Change.REPLACE) {
      return text;
    }
    if (!place.startsWith(at + "/")) {
      return node.toString();
    }
    var parts = new ArrayList<String>();
    if (node.isObject()) {
      node.forEachEntry(
          (name, field) ->
              add(
                  parts,
                  "\"" + name + "\":" + written(field, at + "/" + name, place, text, change),
                  (at + "/" + name).equals(place),
                  change));
      return "{" + String.join(",", parts) + "}";
    }
    for (int i = 0; i < node.size(); i++) {
      String here = at + "/" + i;
      add(parts, written(node.get(i), here, place, text, change), here.equals(place), change);
    }
    return "[" + String.join(",", parts) + "]";
  }

  private static void add(List<String> parts, String part, boolean isPlace, Change change) {
    if (!isPlace || change != Change.DROP) {
      parts.add(part);
    }
    if (isPlace && change == Change.REPEAT) {
      parts.add(part);
    }
  }

  /** Cut, repeated and spoiled here and there. */
  static String mixed(String json, RandomGenerator random) {
    var text = new StringBuilder(json);
    int changes = 1 + random.nextInt(3);
    for (int i = 0; i < changes && !text.isEmpty(); i++) {
      int at = random.nextInt(text.length());
      int end = Math.min(text.length(), at + 1 + random.nextInt(6));
      switch (random.nextInt(5)) {
        case 0 -> text.delete(at, end);
        case 1 -> text.insert(at, text.substring(at, end));
        case 2 -> text.setCharAt(at, (char) random.nextInt(0x180));
        case 3 -> {
          String value = Oddities.VALUES.get(random.nextInt(Oddities.VALUES.size()));
          int colon = text.indexOf(":", at);
          if (colon >= 0) {
            int comma = text.indexOf(",", colon);
            text.replace(colon + 1, comma < 0 ? text.length() : comma, value);
          }
        }
        default -> text.insert(at, "\\u0000");
      }
    }
    return text.toString();
  }
}
