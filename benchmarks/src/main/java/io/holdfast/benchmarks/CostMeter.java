package io.holdfast.benchmarks;

import io.holdfast.benchmarks.SystemUnderTest.MeasuredProcess;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Reads what a system has used, itself outside of what it measures. */
final class CostMeter {

  private static final String LOAD = "load";

  private final SystemUnderTest system;
  private final JdbcClient jdbc;
  private final StatementCosts statements;

  CostMeter(SystemUnderTest system, JdbcClient jdbc) {
    this.system = system;
    this.jdbc = jdbc;
    this.statements = new StatementCosts(jdbc);
  }

  /** The span from its making to {@link #end}. No process may start or stop within. */
  final class Span {
    private final DatabaseCosts databaseBefore = database();
    private final Map<String, Long> threadsBefore = threads();
    private final SequencedMap<String, Long> cpuBefore = cpuMicros();

    /** What was used since the beginning. */
    Costs end() {
      var cpu = cpuMicros();
      cpu.replaceAll((process, micros) -> micros - cpuBefore.getOrDefault(process, 0L));
      var threads = threads();
      threads.replaceAll((thread, micros) -> micros - threadsBefore.getOrDefault(thread, 0L));
      return new Costs(cpu, threads, database().since(databaseBefore));
    }
  }

  Span begin() {
    statements.reset();
    return new Span();
  }

  /** CPU microseconds so far of all processes, this one included. Reading it is cheap. */
  long totalCpuMicros() {
    return cpuMicros().values().stream().mapToLong(Long::longValue).sum();
  }

  /** Memory of all processes now. */
  long residentMebibytes() {
    return ProcessCosts.residentMebibytes(
        LongStream.concat(
                LongStream.of(ProcessHandle.current().pid()),
                system.processes().stream().mapToLong(MeasuredProcess::pid))
            .toArray());
  }

  /** Says what {@code settings} ask to be told of a span that has just ended. */
  void sayDetails(BenchSettings settings, Costs costs, long orders) {
    if (settings.threads()) {
      sayThreads(costs, orders);
    }
    if (settings.statements()) {
      statements.say(orders);
    }
  }

  private static void sayThreads(Costs costs, long orders) {
    costs.threadMicros().entrySet().stream()
        .map(kind -> Map.entry(kind.getKey(), (double) kind.getValue() / orders))
        .filter(kind -> kind.getValue() >= 0.5)
        .sorted(Map.Entry.<String, Double>comparingByValue(Comparator.reverseOrder()))
        .forEach(
            kind ->
                Bench.say("  %-36s %7.1f us an order".formatted(kind.getKey(), kind.getValue())));
  }

  private DatabaseCosts database() {
    return DatabaseCosts.now(system.servers(), jdbc, statements);
  }

  private SequencedMap<String, Long> cpuMicros() {
    var cpu = new LinkedHashMap<String, Long>();
    for (var process : system.processes()) {
      cpu.merge(process.name(), process.cpuMicros(), Long::sum);
    }
    cpu.put(LOAD, ProcessCosts.ownCpuMicros(ProcessHandle.current().pid()));
    return cpu;
  }

  private Map<String, Long> threads() {
    var all = new TreeMap<String, Long>();
    for (var process : system.processes()) {
      if (process.isJvm()) {
        ProcessCosts.cpuMicrosByThreadKind(process.pid())
            .forEach((kind, micros) -> all.merge(process.name() + " " + kind, micros, Long::sum));
      }
    }
    return all;
  }
}
