package io.holdfast.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PostgresBinariesIT {

  @TempDir Path cache;

  @Test
  void unpacksOnceIntoAFolderNamedByVersion() throws IOException {
    Path home = PostgresBinaries.unpacked(cache);
    FileTime mark = FileTime.from(Instant.EPOCH);
    Files.setLastModifiedTime(home.resolve("bin/postgres"), mark);

    Path again = PostgresBinaries.unpacked(cache);

    assertThat(again).isEqualTo(home);
    assertThat(home.getFileName().toString()).contains("-18.6");
    assertThat(home.resolve("bin/initdb")).isExecutable();
    assertThat(Files.getLastModifiedTime(home.resolve("bin/postgres"))).isEqualTo(mark);
  }

  @Test
  void replacesAHalfEmptiedFolderAndLeavesNothingElseBehind() throws IOException {
    Path home = PostgresBinaries.unpacked(cache);
    DataFolder.deleteTree(home.resolve("bin"));

    PostgresBinaries.unpacked(cache);

    assertThat(home.resolve("bin/postgres")).isExecutable();
    try (Stream<Path> left = Files.list(cache)) {
      assertThat(left).containsExactly(home);
    }
  }
}
