package io.holdfast.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataFolderTest {

  @TempDir Path temp;

  @Test
  void refusesASecondOwnerInTheSameProcess() {
    try (var first = DataFolder.open(temp)) {

      assertThatThrownBy(() -> DataFolder.open(temp))
          .isInstanceOf(StartupFailure.class)
          .hasMessageContaining(first.path() + " is in use by another running Holdfast");
    }

    DataFolder.open(temp).close();
  }

  @Test
  void refusesASecondProcessEvenAfterThisOneWasRefusedOnce() throws Exception {
    try (var first = DataFolder.open(temp)) {
      assertThatThrownBy(() -> DataFolder.open(temp)).isInstanceOf(StartupFailure.class);

      String said = openInAnotherProcess(temp);

      assertThat(said)
          .contains(first.path() + " is in use")
          .contains("(process " + ProcessHandle.current().pid() + ")");
    }
  }

  @Test
  void refusesADiskWithTooLittleRoom() {
    assertThatThrownBy(() -> DataFolder.open(temp, Long.MAX_VALUE))
        .isInstanceOf(StartupFailure.class)
        .hasMessageContaining("The disk that holds")
        .hasMessageContaining("is full");

    DataFolder.open(temp).close();
  }

  @Test
  void refusesAFolderThatIsAFile() throws IOException {
    Path file = Files.writeString(temp.resolve("file"), "");

    assertThatThrownBy(() -> DataFolder.open(file.resolve("data")))
        .isInstanceOf(StartupFailure.class)
        .hasMessageContaining("choose another one");
  }

  private static String openInAnotherProcess(Path folder) throws Exception {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Opener.class.getName(),
                folder.toString())
            .redirectErrorStream(true)
            .start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    return said;
  }

  static final class Opener {
    private Opener() {}

    static void main(String[] arguments) {
      try {
        DataFolder.open(Path.of(arguments[0])).close();
        System.out.println("opened");
      } catch (StartupFailure e) {
        System.out.println(e.getMessage());
      }
    }
  }
}
