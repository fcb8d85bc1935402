package io.holdfast.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BenchSettingsTest {

  @Test
  void nothingSaidIsAClosedLoopOfUniformOrdersInOneJvm() {
    var settings = BenchSettings.of();

    assertThat(settings.stored()).containsExactly(0L);
    assertThat(settings.runs(0)).containsExactly(new RunKey("uniform", "one JVM", 0, 0, 256, 0));
    assertThat(settings.serviceArguments()).isEmpty();
  }

  @Test
  void whatItDoesNotKnowGoesToTheServices() {
    var settings =
        BenchSettings.of(
            "--c=1,16",
            "--warmup=0.5",
            "--json=out.json",
            "--statements",
            "--holdfast.messaging.max-batch=50");

    assertThat(settings.concurrency()).containsExactly(1, 16);
    assertThat(settings.warmup()).isEqualTo(Duration.ofMillis(500));
    assertThat(settings.json()).isEqualTo(Path.of("out.json").toAbsolutePath());
    assertThat(settings.statements()).isTrue();
    assertThat(settings.serviceArguments()).containsExactly("--holdfast.messaging.max-batch=50");
  }

  @Test
  void timingOutHasABacklogAndAShortDeadlineUnlessTheyAreGiven() {
    var plain = BenchSettings.of("--variant=timing-out");
    var given =
        BenchSettings.of(
            "--variant=timing-out", "--backlog=7", "--holdfast.place-order.deadline=3s");

    assertThat(plain.backlog()).isEqualTo(20_000);
    assertThat(plain.serviceArguments()).containsExactly("--holdfast.place-order.deadline=2s");
    assertThat(given.backlog()).isEqualTo(7);
    assertThat(given.serviceArguments()).containsExactly("--holdfast.place-order.deadline=3s");
  }

  @Test
  void eachVariantIsRunWithEachNumberInFlight() {
    var settings = BenchSettings.of("--variant=uniform,five-lines", "--c=1,16", "--stored=0,700");

    assertThat(settings.stored()).containsExactly(0L, 700L);
    assertThat(settings.runs(700))
        .containsExactly(
            new RunKey("uniform", "one JVM", 700, 0, 1, 0),
            new RunKey("uniform", "one JVM", 700, 0, 16, 0),
            new RunKey("five-lines", "one JVM", 700, 0, 1, 0),
            new RunKey("five-lines", "one JVM", 700, 0, 16, 0));
  }

  @Test
  void eachVariantIsRunAtEachRateAndThenWithNoNumberInFlight() {
    var settings = BenchSettings.of("--variant=card,refused", "--rate=100,0.5");

    assertThat(settings.runs(0))
        .containsExactly(
            new RunKey("card", "one JVM", 0, 0, 0, 100),
            new RunKey("card", "one JVM", 0, 0, 0, 0.5),
            new RunKey("refused", "one JVM", 0, 0, 0, 100),
            new RunKey("refused", "one JVM", 0, 0, 0, 0.5));
  }

  @Test
  void aBacklogIsOneRunForEachNumberOfStoredOrders() {
    var settings =
        BenchSettings.of("--backlog=9", "--variant=hot-sku", "--c=1,2", "--stored=5,700");

    assertThat(settings.stored().stream().flatMap(stored -> settings.runs(stored).stream()))
        .containsExactly(
            new RunKey("hot-sku", "one JVM", 5, 9, 0, 0),
            new RunKey("hot-sku", "one JVM", 700, 9, 0, 0));
  }

  @Test
  void laterRunsWarmUpForAThirdAndQuarterOfAMinuteAtMost() {
    assertThat(BenchSettings.of("--warmup=30").laterWarmup()).isEqualTo(Duration.ofSeconds(10));
    assertThat(BenchSettings.of("--warmup=240").laterWarmup()).isEqualTo(Duration.ofSeconds(15));
  }

  @Test
  void instancesAreProcesses() {
    assertThat(BenchSettings.of("--processes").instances()).isEqualTo(1);
    assertThat(BenchSettings.of("--instances=2").instances()).isEqualTo(2);
    assertThat(BenchSettings.of("--instances=2").mode()).isEqualTo("2 processes each");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          --c=0                | --c=0 is not a positive number
          --c=1.5              | --c=1.5 is not a whole number
          --c=16,              | --c= is not a positive number
          --c=16,1,16          | --c=16,1,16 says the same twice
          --rate=fast          | --rate=fast is not a positive number
          --rate=100,0         | --rate=0 is not a positive number
          --rate=100,100.0     | --rate=100,100.0 says the same twice
          --seconds=-1         | --seconds=-1 is not a positive number
          --variant=hottest    | --variant=hottest is not one of uniform, hot-sku
          --variant=card,      | --variant= is not one of uniform, hot-sku
          --variant=card,card  | --variant=card,card says the same twice
          --variant=look-up    | --variant=look-up looks at orders of --stored, which needs more than 0
          --stored=many        | --stored=many is not a positive number
          --stored=5,0         | --stored=5,0 does not ascend
          --stored=5,5         | --stored=5,5 says the same twice
          --backlog=0          | --backlog=0 is not a positive number
          --instances=100      | --instances=100 is not a whole number from 1 to 20
          --monolith=yes       | --monolith takes no value
          --html               | --html needs a value
          c=16                 | c=16 is no option
          """)
  void whatCannotBeIsRefusedByName(String argument, String message) {
    assertThatThrownBy(() -> BenchSettings.of(argument))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(message);
  }

  @Test
  void closedAndOpenLoopExcludeEachOther() {
    assertThatThrownBy(() -> BenchSettings.of("--c=1", "--rate=100"))
        .hasMessageContaining("--c and --rate exclude each other");
  }

  @Test
  void timingOutAndABacklogAreMeasuredWithNoOtherVariant() {
    assertThatThrownBy(() -> BenchSettings.of("--variant=uniform,timing-out"))
        .hasMessageContaining("--variant=timing-out is measured by itself");
    assertThatThrownBy(() -> BenchSettings.of("--variant=uniform,card", "--backlog=9"))
        .hasMessageContaining("--backlog needs exactly one variant");
  }

  @Test
  void theUsageNamesEveryVariant() {
    assertThat(BenchSettings.USAGE).contains(Variant.names().split(", "));
  }
}
