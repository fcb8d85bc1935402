package io.holdfast.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.type.TypeReference;

/**
 * What a benchmark found.
 *
 * @param differences of the books, by check; empty if they balance
 * @param yardstick null if it was not asked for
 */
record Report(
    List<RunResult> results,
    Map<String, List<String>> differences,
    Monolith.@Nullable Result yardstick) {

  /**
   * Prints a table and a JSON line for each run, and writes the files that were asked for.
   *
   * @return whether all is well: every order where it should be, and nothing worse than before
   */
  boolean tell(BenchSettings settings, @Nullable Baseline baseline) throws IOException {
    sayTable();
    var comparisons = baseline == null ? null : baseline.compare(results);
    boolean isNoWorse = comparisons == null || sayComparisons(comparisons);
    var html = settings.html();
    if (html != null) {
      Files.writeString(
          html, new HtmlPage(this, comparisons == null ? List.of() : comparisons).text());
    }
    var json = new StringBuilder();
    for (var result : results) {
      json.append(RunResult.JSON.writeValueAsString(line(result))).append('\n');
    }
    var file = settings.json();
    if (file != null) {
      Files.writeString(file, json, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }
    System.out.print(json);
    return isNoWorse && differences.isEmpty() && failures() == 0;
  }

  long failures() {
    return results.stream().mapToLong(RunResult::failures).sum();
  }

  private void sayTable() {
    System.out.println(RunResult.TABLE_HEAD);
    for (var result : results) {
      System.out.println(result.tableRow());
      if (!result.details().isEmpty()) {
        System.out.println("  " + result.detailsRow());
      }
    }
    if (yardstick != null) {
      System.out.println(
          "one transaction an order (16 connections): %.0f orders/s, %.0f us of CPU an order"
              .formatted(yardstick.ordersPerSecond(), yardstick.cpuMicrosPerOrder()));
    }
    if (failures() > 0) {
      System.out.println(failures() + " orders did not get where they should have");
    }
    differences.forEach((check, rows) -> System.out.println("NOT IN ORDER: " + check + " " + rows));
  }

  /** A comparison of nothing must not pass for a good one. */
  private static boolean sayComparisons(List<Baseline.Comparison> comparisons) {
    if (comparisons.isEmpty()) {
      System.out.println(
          "--baseline has no run of the same variant, load and way of running: nothing was compared");
      return false;
    }
    comparisons.forEach(comparison -> System.out.println(comparison.row()));
    var regressions = comparisons.stream().filter(Baseline.Comparison::isRegression).toList();
    regressions.forEach(regression -> System.out.println("WORSE: " + regression.sentence()));
    return regressions.isEmpty();
  }

  private Map<String, Object> line(RunResult result) {
    var line =
        new LinkedHashMap<String, Object>(
            RunResult.JSON.convertValue(result, new TypeReference<Map<String, Object>>() {}));
    line.put("invariants", differences.isEmpty() ? "OK" : differences);
    if (yardstick != null) {
      line.put("monolith_orders_per_s", Math.round(yardstick.ordersPerSecond()));
      line.put("monolith_cpu_us", Math.round(yardstick.cpuMicrosPerOrder()));
    }
    return line;
  }
}
