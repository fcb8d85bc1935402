package io.holdfast.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.springframework.util.FileSystemUtils;

/** Where an embedded server keeps its data for the time of a test run. */
record TemporaryFolder(Path path) {

  static TemporaryFolder create(String name) {
    try {
      return new TemporaryFolder(Files.createTempDirectory("holdfast-test-" + name));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  void delete() {
    try {
      FileSystemUtils.deleteRecursively(path);
    } catch (IOException e) {
      throw new UncheckedIOException("delete it by hand: " + path, e);
    }
  }
}
