package io.holdfast.benchmarks.micro;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/** {@code ./holdfast bench --micro}: all benchmarks of this package, about a minute. */
public final class MicroBenchmarks {

  private static final String ALLOCATED = "gc.alloc.rate.norm";
  private static final int WARMUPS = 3;
  private static final int MEASUREMENTS = 3;

  private MicroBenchmarks() {}

  /**
   * Runs them and prints a table.
   *
   * @throws RunnerException if one of them fails
   */
  public static void run() throws RunnerException {
    var options =
        new OptionsBuilder()
            .include(MicroBenchmarks.class.getPackageName() + "\\.")
            .mode(Mode.AverageTime)
            .timeUnit(TimeUnit.NANOSECONDS)
            .forks(1)
            .jvmArgs("-Xmx256m", "-XX:+UseSerialGC", "--sun-misc-unsafe-memory-access=allow")
            .warmupIterations(WARMUPS)
            .warmupTime(TimeValue.seconds(1))
            .measurementIterations(MEASUREMENTS)
            .measurementTime(TimeValue.seconds(1))
            .addProfiler(GCProfiler.class)
            .shouldFailOnError(true)
            .verbosity(VerboseMode.SILENT)
            .build();
    System.err.println("measuring; about a minute");
    var results = new Runner(options).run();
    System.out.printf("%-36s %12s %10s %14s%n", "", "ns", "+-", "bytes");
    results.forEach(result -> System.out.println(row(result)));
  }

  private static String row(RunResult result) {
    String name = result.getParams().getBenchmark();
    var time = result.getPrimaryResult();
    var allocated = result.getSecondaryResults().get(ALLOCATED);
    return "%-36s %12.1f %10.1f %14.0f"
        .formatted(
            name.substring(MicroBenchmarks.class.getPackageName().length() + 1),
            time.getScore(),
            time.getStatistics().getStandardDeviation(),
            allocated == null ? 0 : allocated.getScore());
  }
}
