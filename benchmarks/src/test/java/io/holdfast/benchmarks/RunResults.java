package io.holdfast.benchmarks;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Results for tests, in which only what is named differs. */
final class RunResults {

  private RunResults() {}

  /** Of a closed loop of uniform orders. */
  static RunResult of(int c, double ordersPerSecond, double cpuMicros, Segment... segments) {
    var key = new RunKey("uniform", BenchSettings.ONE_JVM, 0, 0, c, 0);
    return of(key, ordersPerSecond, cpuMicros, segments);
  }

  static RunResult of(RunKey key, double ordersPerSecond, double cpuMicros, Segment... segments) {
    return new RunResult(
        "holdfast",
        key.variant(),
        key.mode(),
        key.stored(),
        key.backlog(),
        key.c(),
        key.rate(),
        20,
        ordersPerSecond,
        10,
        20,
        30,
        cpuMicros / 1000,
        new LinkedHashMap<>(Map.of("services", cpuMicros)),
        1,
        5,
        300,
        1,
        3000,
        80,
        0.5,
        9,
        4000,
        1200,
        0,
        new LinkedHashMap<>(Map.of("p50", 10.0)),
        List.of(segments),
        new LinkedHashMap<>());
  }

  /** Four segments whose throughput lies about {@code mean}, that far apart. */
  static Segment[] segments(double mean, double deviation) {
    return new Segment[] {
      new Segment(mean - deviation, 300, 10, 20),
      new Segment(mean + deviation, 300, 10, 20),
      new Segment(mean - deviation, 300, 10, 20),
      new Segment(mean + deviation, 300, 10, 20)
    };
  }
}
