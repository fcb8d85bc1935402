package io.holdfast.benchmarks;

import java.util.Comparator;
import java.util.Map;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * All that was used so far.
 *
 * @param services CPU microseconds of the JVM with the services and the broker
 * @param postgres CPU microseconds of PostgreSQL
 * @param load CPU microseconds of this process
 * @param threads CPU microseconds of the services' JVM by kind of thread
 * @param database what was asked of PostgreSQL and Kafka
 * @param residentMebibytes memory of all, load generator included
 */
record Costs(
    long services,
    long postgres,
    long load,
    Map<String, Long> threads,
    DatabaseCosts database,
    long residentMebibytes) {

  static Costs now(PlatformProcess platform, JdbcClient jdbc) {
    long postgres = platform.address().postgresPid();
    long self = ProcessHandle.current().pid();
    var database = DatabaseCosts.now(platform.address(), jdbc);
    return new Costs(
        ProcessCosts.ownCpuMicros(platform.pid()),
        ProcessCosts.cpuMicros(postgres),
        ProcessCosts.ownCpuMicros(self),
        ProcessCosts.cpuMicrosByThreadKind(platform.pid()),
        database,
        ProcessCosts.residentMebibytes(self, platform.pid(), postgres));
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
