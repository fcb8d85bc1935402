package io.holdfast.web.testing;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Names of schemas: short, and one for each type. */
final class SchemaNames {

  private static final String CONTROLLER = "Controller";

  private SchemaNames() {}

  /** The type of a schema that springdoc has named with its package; null if it is of no type. */
  static @Nullable Class<?> type(String springdocName) {
    String name = springdocName;
    while (true) {
      try {
        return Class.forName(name, false, SchemaNames.class.getClassLoader());
      } catch (ClassNotFoundException _) {
        int dot = name.lastIndexOf('.');
        if (dot < 0) {
          return null;
        }
        name = name.substring(0, dot) + "$" + name.substring(dot + 1);
      }
    }
  }

  /** The last part of a reference to a schema. */
  static String referred(String reference) {
    return URLDecoder.decode(
        reference.substring(reference.lastIndexOf('/') + 1), StandardCharsets.UTF_8);
  }

  /**
   * {@code Order}; with the name of what it is nested in where it does not say that itself: {@code
   * OrderController.Page} is an {@code OrderPage}, {@code CartController.Cart} a {@code Cart}.
   */
  static String shortName(Class<?> type) {
    var outer = type.getDeclaringClass();
    String name = type.getSimpleName();
    if (outer == null) {
      return name;
    }
    String outerName = shortName(outer);
    String subject =
        outerName.endsWith(CONTROLLER)
            ? outerName.substring(0, outerName.length() - CONTROLLER.length())
            : outerName;
    return name.contains(subject) ? name : subject + name;
  }
}
