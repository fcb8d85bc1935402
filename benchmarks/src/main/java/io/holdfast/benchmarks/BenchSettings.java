package io.holdfast.benchmarks;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.springframework.core.env.SimpleCommandLinePropertySource;

/**
 * What to measure.
 *
 * @param concurrency orders in flight, one run each
 * @param rate orders a second of an open loop; 0 for a closed loop
 * @param warmup time before a run that is not measured
 * @param measured length of a run
 * @param variant which orders are placed
 * @param data folder of the databases; null for one that is deleted at the end
 * @param monolith whether the yardstick, one transaction an order, is measured too
 * @param output file for the JSON lines; null for standard output only
 * @param jvmFlags flags of the services' JVM
 * @param threads whether to say which threads used the processor
 * @param statements whether to say which SQL statements took longest
 * @param serviceArguments what the services are told
 */
record BenchSettings(
    List<Integer> concurrency,
    double rate,
    Duration warmup,
    Duration measured,
    Variant variant,
    @Nullable Path data,
    boolean monolith,
    @Nullable Path output,
    List<String> jvmFlags,
    boolean threads,
    boolean statements,
    List<String> serviceArguments) {

  static final String USAGE =
      """
      Usage: ./holdfast bench [options]

        --c=16,64,256       orders in flight, one run each (closed loop)
        --rate=1000         orders a second, begun whatever the answers do (open loop); not with --c
        --warmup=15         seconds before the first run that are not measured (later runs: a third)
        --seconds=20        length of a run
        --variant=uniform   uniform, hot-sku, hot-wallet, five-lines, card, refused
        --monolith          also measure the yardstick: the same order in one transaction, no messages
        --threads           say which threads used the processor
        --statements        say which SQL statements took longest
        --json=FILE         write the results there too, one line a run
        --jvm=FLAGS         flags of the services' JVM, separated by blanks
        --data=DIR          keep the databases there

      All other options go to the services. Needs Linux (reads /proc).
      """;

  static BenchSettings of(String... arguments) {
    var options = new SimpleCommandLinePropertySource(arguments);
    var known =
        List.of(
            "c",
            "rate",
            "warmup",
            "seconds",
            "variant",
            "monolith",
            "threads",
            "statements",
            "json",
            "jvm",
            "data",
            "help");
    return new BenchSettings(
        Arrays.stream(option(options, "c", "256").split(",", -1))
            .map(c -> (int) number("c", c))
            .toList(),
        options.containsProperty("rate") ? number("rate", option(options, "rate", "")) : 0,
        seconds("warmup", option(options, "warmup", "15")),
        seconds("seconds", option(options, "seconds", "20")),
        variant(option(options, "variant", "uniform")),
        path(options, "data"),
        options.containsProperty("monolith"),
        path(options, "json"),
        List.of(option(options, "jvm", "-Xmx1g -XX:+UseParallelGC").trim().split(" +", -1)),
        options.containsProperty("threads"),
        options.containsProperty("statements"),
        Arrays.stream(options.getPropertyNames())
            .filter(name -> !known.contains(name))
            .map(name -> "--" + name + "=" + options.getProperty(name))
            .toList());
  }

  private static String option(
      SimpleCommandLinePropertySource options, String name, String otherwise) {
    String value = options.getProperty(name);
    return value == null ? otherwise : value;
  }

  private static @Nullable Path path(SimpleCommandLinePropertySource options, String name) {
    String value = options.getProperty(name);
    return value == null ? null : Path.of(value).toAbsolutePath();
  }

  private static Variant variant(String name) {
    try {
      return Variant.valueOf(name.toUpperCase(Locale.ROOT).replace('-', '_'));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "--variant=%s is not one of %s".formatted(name, Variant.names()), e);
    }
  }

  private static Duration seconds(String name, String value) {
    return Duration.ofMillis((long) (number(name, value) * 1000));
  }

  private static double number(String name, String value) {
    try {
      double number = Double.parseDouble(value);
      if (number > 0) {
        return number;
      }
    } catch (NumberFormatException _) {
      // said below
    }
    throw new IllegalArgumentException("--%s=%s is not a positive number".formatted(name, value));
  }
}
