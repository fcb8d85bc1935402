package io.holdfast.benchmarks.scenario;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;

/** How often what happened, and how long orders took to their end. For many threads at once. */
final class Tally {

  private static final long LONGEST_MICROS = TimeUnit.MINUTES.toMicros(5);
  private static final int DIGITS = 3;

  private final Map<String, LongAdder> counts = Collections.synchronizedMap(new LinkedHashMap<>());
  private final Histogram toTheEnd = new ConcurrentHistogram(LONGEST_MICROS, DIGITS);

  void count(String what) {
    count(what, 1);
  }

  void count(String what, long times) {
    counts.computeIfAbsent(what, _ -> new LongAdder()).add(times);
  }

  /** An order has ended, so long after it was asked for. */
  void ended(long nanos) {
    toTheEnd.recordValue(Math.min(TimeUnit.NANOSECONDS.toMicros(nanos), LONGEST_MICROS));
  }

  /** In the order in which they happened first. */
  SequencedMap<String, Long> counts() {
    var sums = new LinkedHashMap<String, Long>();
    synchronized (counts) {
      counts.forEach((what, count) -> sums.put(what, count.sum()));
    }
    return sums;
  }

  /** How many orders were seen to their end by who placed them. */
  long endedOrders() {
    return toTheEnd.getTotalCount();
  }

  double millisToTheEnd(double percentile) {
    return toTheEnd.getValueAtPercentile(percentile) / 1e3;
  }
}
