package io.holdfast.benchmarks;

import static io.holdfast.benchmarks.RunResults.segments;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.holdfast.benchmarks.Baseline.Comparison;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BaselineTest {

  @TempDir private Path folder;

  @Test
  void lessThroughputThanTheNoiseExplainsIsARegression() {
    var before = RunResults.of(16, 1000, 300, segments(1000, 10));
    var now = RunResults.of(16, 800, 300, segments(800, 10));

    assertThat(regressions(before, now)).extracting(Comparison::figure).containsExactly("orders/s");
  }

  @Test
  void theSameDifferenceIsNoneWhereTheRunsThemselvesDifferAsMuch() {
    var before = RunResults.of(16, 1000, 300, segments(1000, 100));
    var now = RunResults.of(16, 800, 300, segments(800, 80));

    assertThat(regressions(before, now)).isEmpty();
  }

  @Test
  void theLimitIsTwiceTheStandardDeviationOfBothAndNeverBelowATenth() {
    var quiet = RunResults.of(16, 1000, 300, segments(1000, 1));
    var restless = RunResults.of(16, 1000, 300, segments(1000, 100));

    assertThat(throughput(quiet, quiet).limit()).isEqualTo(0.10);
    // of four values at +- 100 of 1000: sqrt(4 * 100^2 / 3) / 1000 = 0.115
    assertThat(throughput(quiet, restless).limit()).isBetween(0.230, 0.232);
    assertThat(throughput(restless, restless).limit()).isBetween(0.326, 0.327);
  }

  @Test
  void moreProcessorTimeIsARegressionAndMoreThroughputIsNone() {
    var before = RunResults.of(16, 1000, 300, segments(1000, 10));
    var now = RunResults.of(16, 2000, 400, segments(2000, 10));

    assertThat(regressions(before, now))
        .extracting(Comparison::figure)
        .containsExactly("CPU/order");
    assertThat(regressions(before, now).getFirst().sentence())
        .contains("CPU/order of uniform C=16 is 1.33 times what it was");
  }

  @Test
  void moreLogRecordsAreARegressionThoughTheMachineWasFaster() {
    var before = RunResults.of(16, 1000, 300, segments(1000, 100));
    var now = changed(RunResults.of(16, 2000, 150), "\"wal_records\":80.0", "\"wal_records\":90.0");

    assertThat(regressions(before, now))
        .extracting(Comparison::figure)
        .containsExactly("log records/order");
  }

  @Test
  void whatAnEarlierVersionDidNotCountIsNotCompared() {
    var now = RunResults.of(16, 1000, 300);
    var before = changed(now, "\"pages\":300.0,", "");

    assertThat(new Baseline(List.of(before)).compare(List.of(now)))
        .extracting(Comparison::figure)
        .doesNotContain("pages/order")
        .hasSize(5);
  }

  @Test
  void onlyRunsOfTheSameKindAreComparedAndTheLastOfThemCounts() {
    var earlier = RunResults.of(16, 5000, 300, segments(5000, 10));
    var before = RunResults.of(16, 1000, 300, segments(1000, 10));
    var baseline = new Baseline(List.of(earlier, before));

    assertThat(baseline.compare(List.of(RunResults.of(64, 1, 1)))).isEmpty();
    assertThat(baseline.compare(List.of(before))).extracting(Comparison::ratio).containsOnly(1.0);
  }

  @Test
  void eachOfSeveralRunsIsComparedWithItsOwnEarlierOne() {
    var settings = BenchSettings.of("--variant=uniform,card", "--rate=100,300", "--stored=0,700");
    var keys =
        settings.stored().stream().flatMap(stored -> settings.runs(stored).stream()).toList();
    var before = new ArrayList<RunResult>();
    for (int i = 0; i < keys.size(); i++) {
      before.add(RunResults.of(keys.get(i), 1000 + i, 300));
    }

    var comparisons = new Baseline(before).compare(before.reversed());

    assertThat(comparisons).hasSize(8 * 6).extracting(Comparison::ratio).containsOnly(1.0);
  }

  @Test
  void whatWasWrittenIsRead() throws IOException {
    var run = RunResults.of(16, 1000, 300, segments(1000, 10));
    var file = folder.resolve("runs.json");
    Files.writeString(file, RunResult.JSON.writeValueAsString(run) + "\n\n");

    assertThat(Baseline.read(file).compare(List.of(run))).hasSize(6);
    assertThat(Files.readString(file))
        .contains("\"orders_per_s\":1000.0", "\"cpu_s_per_1000\":0.3", "\"p50_ms\":10.0");
  }

  @Test
  void aFileThatIsNoneIsRefusedByName() throws IOException {
    var file = folder.resolve("runs.json");
    Files.writeString(file, "orders_per_s\n");

    assertThatThrownBy(() -> Baseline.read(file)).hasMessageContaining("is not what --json writes");
    assertThatThrownBy(() -> Baseline.read(folder.resolve("none")))
        .hasMessageContaining("--baseline=")
        .hasMessageContaining("cannot be read");
  }

  /** As its JSON line would be read if it said something else. */
  private static RunResult changed(RunResult run, String text, String otherText) {
    String json = RunResult.JSON.writeValueAsString(run);
    assertThat(json).contains(text);
    return RunResult.JSON.readValue(json.replace(text, otherText), RunResult.class);
  }

  private static List<Comparison> regressions(RunResult before, RunResult now) {
    return new Baseline(List.of(before))
        .compare(List.of(now)).stream().filter(Comparison::isRegression).toList();
  }

  private static Comparison throughput(RunResult before, RunResult now) {
    return new Baseline(List.of(before)).compare(List.of(now)).getFirst();
  }
}
