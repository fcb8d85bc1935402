package io.holdfast.benchmarks;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;

/**
 * What a span of time has cost.
 *
 * @param cpuMicros CPU microseconds by process
 * @param threadMicros CPU microseconds by process and kind of thread
 */
record Costs(
    SequencedMap<String, Long> cpuMicros, Map<String, Long> threadMicros, DatabaseCosts database) {

  Costs plus(Costs other) {
    return new Costs(
        sum(cpuMicros, other.cpuMicros),
        sum(threadMicros, other.threadMicros),
        database.plus(other.database));
  }

  private static SequencedMap<String, Long> sum(Map<String, Long> one, Map<String, Long> other) {
    var sum = new LinkedHashMap<String, Long>(one);
    other.forEach((name, micros) -> sum.merge(name, micros, Long::sum));
    return sum;
  }
}
