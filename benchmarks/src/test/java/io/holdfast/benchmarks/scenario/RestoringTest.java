package io.holdfast.benchmarks.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("R-M7")
class RestoringTest {

  private final List<String> restored = new ArrayList<>();

  @Test
  void eachIsRestoredOnceAlsoIfAnotherCannotBe() {
    assertThatThrownBy(this::actAndRestore)
        .hasMessage("what went wrong first")
        .hasSuppressedException(new IllegalStateException("nobody answers"));

    assertThat(restored).containsExactly("warehouse", "provider");
  }

  private void actAndRestore() {
    try (var _ = Restoring.whateverHappens(() -> restored.add("provider"));
        var _ =
            Restoring.whenClosed(
                () -> {
                  restored.add("warehouse");
                  throw new IllegalStateException("nobody answers");
                })) {
      throw new IllegalArgumentException("what went wrong first");
    }
  }

  @Test
  void processThatIsToldToEndRestoresFirst(@TempDir Path folder) throws Exception {
    var file = folder.resolve("restored");
    var process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Interrupted.class.getName(),
                file.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();

    // It has begun when it says so.
    assertThat(process.inputReader().readLine()).isEqualTo("begun");
    process.destroy();

    assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
    assertThat(file).exists();
  }

  /** A program that does not come to its end. */
  static final class Interrupted {

    private Interrupted() {}

    public static void main(String[] arguments) throws Exception {
      var file = Path.of(arguments[0]);
      try (var _ = Restoring.whateverHappens(() -> write(file))) {
        System.out.println("begun");
        Thread.currentThread().join();
      }
    }

    private static void write(Path file) {
      try {
        Files.writeString(file, "restored");
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
