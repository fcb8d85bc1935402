package io.holdfast.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import tools.jackson.core.JacksonException;

/**
 * Compares runs with earlier ones of the same kind. How much worse a figure may be follows from how
 * much the equal parts of both runs differ among themselves.
 */
final class Baseline {

  /** Differences below this are never called worse: runs differ more than the parts of one run. */
  private static final double SMALLEST_LIMIT = 0.10;

  /** Times the standard deviation: a quiet machine passes about 19 times of 20. */
  private static final double DEVIATIONS = 2;

  private final Map<RunKey, RunResult> runs = new LinkedHashMap<>();

  /** Of several runs of the same kind, the last counts. */
  Baseline(Collection<RunResult> runs) {
    runs.forEach(run -> this.runs.put(run.key(), run));
  }

  /**
   * Reads what {@code --json} wrote.
   *
   * @throws IllegalArgumentException if it is something else, naming the option
   */
  static Baseline read(Path file) {
    try (var lines = Files.lines(file)) {
      return new Baseline(
          lines
              .filter(line -> !line.isBlank())
              .map(line -> RunResult.JSON.readValue(line, RunResult.class))
              .toList());
    } catch (IOException | java.io.UncheckedIOException e) {
      throw new IllegalArgumentException("--baseline=%s cannot be read: %s".formatted(file, e), e);
    } catch (JacksonException e) {
      throw new IllegalArgumentException(
          "--baseline=%s is not what --json writes: %s".formatted(file, e.getOriginalMessage()), e);
    }
  }

  /**
   * What is compared.
   *
   * @param decides whether its being worse fails the comparison
   */
  private record Figure(
      String title,
      boolean decides,
      boolean moreIsBetter,
      ToDoubleFunction<RunResult> ofRun,
      ToDoubleFunction<Segment> ofSegment) {

    private double spread(RunResult run) {
      return Spread.relative(run.segments().stream().map(ofSegment::applyAsDouble).toList());
    }
  }

  private static final List<Figure> FIGURES =
      List.of(
          new Figure("orders/s", true, true, RunResult::ordersPerS, Segment::ordersPerS),
          new Figure("CPU/order", true, false, RunResult::cpuMicros, Segment::cpuUs),
          // Counted, not timed: they do not depend on how fast the machine is at the moment.
          new Figure("pages/order", true, false, RunResult::pages, _ -> 0),
          new Figure("log records/order", true, false, RunResult::walRecords, _ -> 0),
          new Figure("p50", false, false, RunResult::p50Ms, Segment::p50Ms),
          new Figure("p99", false, false, RunResult::p99Ms, Segment::p99Ms));

  /**
   * One figure of one kind of run.
   *
   * @param ratio now to before
   * @param limit by how much of the earlier figure it may be worse
   * @param isRegression whether it is worse than that, and one of the figures that decide
   */
  record Comparison(
      RunKey key,
      String figure,
      double before,
      double now,
      double ratio,
      double limit,
      boolean isRegression) {

    String row() {
      return "%-36s %-17s %10.1f -> %10.1f  x %.2f  (noise %.0f %%)%s"
          .formatted(
              key.title(), figure, before, now, ratio, limit * 100, isRegression ? "  WORSE" : "");
    }

    String sentence() {
      return "%s of %s is %.2f times what it was (%.1f, was %.1f), which is worse by more than the noise of %.0f %%"
          .formatted(figure, key.title(), ratio, now, before, limit * 100);
    }
  }

  /** All figures of all runs that have an earlier one of their kind. */
  List<Comparison> compare(Collection<RunResult> runsNow) {
    var comparisons = new ArrayList<Comparison>();
    for (var now : runsNow) {
      var before = runs.get(now.key());
      if (before != null) {
        for (var figure : FIGURES) {
          if (figure.ofRun.applyAsDouble(before) > 0) {
            comparisons.add(compare(figure, before, now));
          }
        }
      }
    }
    return comparisons;
  }

  private static Comparison compare(Figure figure, RunResult before, RunResult now) {
    double was = figure.ofRun.applyAsDouble(before);
    double is = figure.ofRun.applyAsDouble(now);
    double ratio = is / was;
    double limit =
        Math.max(
            SMALLEST_LIMIT, DEVIATIONS * Math.hypot(figure.spread(before), figure.spread(now)));
    boolean isWorse = figure.moreIsBetter ? ratio < 1 - limit : ratio > 1 + limit;
    return new Comparison(
        now.key(), figure.title, was, is, ratio, limit, figure.decides && isWorse);
  }
}
