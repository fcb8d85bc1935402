package io.holdfast.web;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
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

  /** What a build, a running database or Git may change or remove while it is being read. */
  private static final Set<String> NO_SOURCES = Set.of("target", "data", ".git");

  Sources {
    byFile = Map.copyOf(byFile);
  }

  static Sources read() throws IOException {
    var byFile = new TreeMap<Path, String>();
    Files.walkFileTree(
        ROOT,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
            return NO_SOURCES.contains(folder.getFileName().toString())
                ? FileVisitResult.SKIP_SUBTREE
                : FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            if (isMain(file)) {
              byFile.put(ROOT.relativize(file), Files.readString(file));
            }
            return FileVisitResult.CONTINUE;
          }
        });
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
