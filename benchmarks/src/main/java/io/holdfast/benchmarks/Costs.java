package io.holdfast.benchmarks;

import java.util.Comparator;
import java.util.Map;

/**
 * The processor time that was used so far. Reading it costs next to nothing, so that a run's own
 * measurement is not in its result.
 *
 * @param services CPU microseconds of the JVM with the services and the broker
 * @param postgres CPU microseconds of PostgreSQL
 * @param load CPU microseconds of this process
 * @param threads CPU microseconds of the services' JVM by kind of thread
 */
record Costs(long services, long postgres, long load, Map<String, Long> threads) {

  static Costs now(PlatformProcess platform) {
    return new Costs(
        ProcessCosts.ownCpuMicros(platform.pid()),
        ProcessCosts.cpuMicros(platform.address().postgresPid()),
        ProcessCosts.ownCpuMicros(ProcessHandle.current().pid()),
        ProcessCosts.cpuMicrosByThreadKind(platform.pid()));
  }

  /** Which threads used the processor since {@code before}. */
  void sayThreads(Costs before, long orders) {
    threads.entrySet().stream()
        .map(
            kind ->
                Map.entry(
                    kind.getKey(),
                    (double) (kind.getValue() - before.threads.getOrDefault(kind.getKey(), 0L))
                        / orders))
        .filter(kind -> kind.getValue() >= 0.5)
        .sorted(Map.Entry.<String, Double>comparingByValue(Comparator.reverseOrder()))
        .forEach(
            kind ->
                Bench.say("  %-16s %7.1f us an order".formatted(kind.getKey(), kind.getValue())));
  }
}
