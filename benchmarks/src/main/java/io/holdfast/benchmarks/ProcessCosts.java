package io.holdfast.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * What processes have used so far, read from Linux' /proc: CPU time and memory of a process with
 * all its children, and CPU time by kind of thread.
 */
final class ProcessCosts {

  /** Clock ticks a second in /proc, the same on every Linux that Java runs on (USER_HZ). */
  private static final long MICROS_PER_TICK = 10_000;

  private static final int PARENT = 1;
  private static final int USER_TIME = 11;
  private static final int SYSTEM_TIME = 12;
  private static final int CHILDREN_USER_TIME = 13;
  private static final int CHILDREN_SYSTEM_TIME = 14;

  private ProcessCosts() {}

  /** CPU microseconds of {@code pid} and its descendants, those that have ended included. */
  static long cpuMicros(long pid) {
    long ticks = 0;
    for (long process : withDescendants(pid)) {
      var stat = stat(Path.of("/proc", Long.toString(process), "stat"));
      if (stat.length > CHILDREN_SYSTEM_TIME) {
        ticks +=
            Long.parseLong(stat[USER_TIME])
                + Long.parseLong(stat[SYSTEM_TIME])
                + Long.parseLong(stat[CHILDREN_USER_TIME])
                + Long.parseLong(stat[CHILDREN_SYSTEM_TIME]);
      }
    }
    return ticks * MICROS_PER_TICK;
  }

  /** CPU microseconds of {@code pid} alone. */
  static long ownCpuMicros(long pid) {
    var stat = stat(Path.of("/proc", Long.toString(pid), "stat"));
    return (Long.parseLong(stat[USER_TIME]) + Long.parseLong(stat[SYSTEM_TIME])) * MICROS_PER_TICK;
  }

  /** CPU microseconds by kind of thread of one process. */
  static Map<String, Long> cpuMicrosByThreadKind(long pid) {
    var costs = new TreeMap<String, Long>();
    try (var threads = Files.list(Path.of("/proc", Long.toString(pid), "task"))) {
      for (var thread : threads.toList()) {
        var stat = stat(thread.resolve("stat"));
        if (stat.length > SYSTEM_TIME) {
          long ticks = Long.parseLong(stat[USER_TIME]) + Long.parseLong(stat[SYSTEM_TIME]);
          costs.merge(kind(thread), ticks * MICROS_PER_TICK, Long::sum);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return costs;
  }

  /** Resident memory in MiB of {@code pids} and descendants; what they share counts once. */
  static long residentMebibytes(long... pids) {
    long kibibytes = 0;
    var processes = new HashSet<Long>();
    for (long pid : pids) {
      processes.addAll(withDescendants(pid));
    }
    for (long process : processes) {
      for (String line : lines(Path.of("/proc", Long.toString(process), "smaps_rollup"))) {
        if (line.startsWith("Pss:")) {
          kibibytes += Long.parseLong(line.replaceAll("\\D", ""));
        }
      }
    }
    return kibibytes / 1024;
  }

  private static String kind(Path thread) {
    var comm = lines(thread.resolve("comm"));
    return comm.isEmpty() ? "ended" : comm.getFirst().replaceAll("[-#]?[0-9]+$", "");
  }

  private static List<Long> withDescendants(long pid) {
    var parents = new HashMap<Long, Long>();
    try (var processes = Files.list(Path.of("/proc"))) {
      for (var process : processes.toList()) {
        String name = process.getFileName().toString();
        if (name.chars().allMatch(Character::isDigit)) {
          var stat = stat(process.resolve("stat"));
          if (stat.length > PARENT) {
            parents.put(Long.parseLong(name), Long.parseLong(stat[PARENT]));
          }
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return parents.keySet().stream().filter(process -> descends(process, pid, parents)).toList();
  }

  private static boolean descends(long process, long ancestor, Map<Long, Long> parents) {
    return Stream.iterate(process, p -> p != null && p > 0, parents::get)
        .anyMatch(p -> p == ancestor);
  }

  /** Fields after the command's name, which may hold anything; empty if the process has ended. */
  private static String[] stat(Path file) {
    var lines = lines(file);
    return lines.isEmpty()
        ? new String[0]
        : lines.getFirst().substring(lines.getFirst().lastIndexOf(')') + 2).split(" ");
  }

  private static List<String> lines(Path file) {
    try {
      return Files.readAllLines(file);
    } catch (IOException _) {
      return List.of(); // it ended between the listing and the reading
    }
  }
}
