package io.holdfast.web;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * The main sources of all modules.
 *
 * @param byFile their texts, by their paths from the project's root
 */
record Sources(Map<Path, String> byFile) {

  static final Path ROOT = Path.of("../..");

  Sources {
    byFile = Map.copyOf(byFile);
  }

  static Sources read() throws IOException {
    var byFile = new TreeMap<Path, String>();
    try (var files = Files.walk(ROOT)) {
      for (var file : files.filter(Sources::isMain).toList()) {
        byFile.put(ROOT.relativize(file), Files.readString(file));
      }
    }
    return new Sources(byFile);
  }

  private static boolean isMain(Path file) {
    String path = file.toString().replace('\\', '/');
    return path.endsWith(".java") && path.contains("/src/main/java/");
  }

  /**
   * Those whose sentences callers read: settings speak to the operator, before there is a language.
   */
  Sources ofCallers() {
    var some = new TreeMap<>(byFile);
    some.keySet().removeIf(file -> file.toString().endsWith("Properties.java"));
    return new Sources(some);
  }

  /** All that the first group of the pattern matches. */
  Collection<String> all(Pattern pattern) {
    var found = new TreeSet<String>();
    for (var source : byFile.values()) {
      pattern.matcher(source).results().forEach(match -> found.add(match.group(1)));
    }
    return found;
  }
}
