package io.holdfast.benchmarks;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What to measure.
 *
 * @param concurrency orders in flight, one run each
 * @param rates orders a second of open loops, one run each; empty for closed loops
 * @param warmup time before the first run that is not measured
 * @param measured length of a run
 * @param variants which orders are placed; one if there is a backlog
 * @param stored finished orders to be in the tables beforehand, ascending
 * @param backlog orders to be waiting when the services start; 0 for a load
 * @param instances of each service, each in a process of its own; 0 for all in one
 * @param monolith whether the yardstick, one transaction an order, is measured too
 * @param threads whether to say which threads used the processor
 * @param statements whether to say which SQL statements took longest
 * @param data folder of the databases; null for one that is deleted at the end
 * @param json file for the JSON lines; null for standard output only
 * @param html file for the page; null for none
 * @param baseline JSON lines of earlier runs; null for none
 * @param jvmFlags flags of the services' JVMs
 * @param serviceArguments what the services are told
 */
record BenchSettings(
    List<Integer> concurrency,
    List<Double> rates,
    Duration warmup,
    Duration measured,
    List<Variant> variants,
    List<Long> stored,
    int backlog,
    int instances,
    boolean monolith,
    boolean threads,
    boolean statements,
    @Nullable Path data,
    @Nullable Path json,
    @Nullable Path html,
    @Nullable Path baseline,
    List<String> jvmFlags,
    List<String> serviceArguments) {

  static final String ONE_JVM = "one JVM";

  static final String USAGE =
      """
      Usage: ./holdfast bench [options]

      What is measured: each of --stored, and in it each --variant, and of it each --c or --rate,
      one after the other in the same processes
        --c=16,64,256       orders in flight (closed loop); 256 if nothing is said
        --rate=100,300      orders a second, begun whatever the answers do (open loop); not with --c
        --warmup=15         seconds before the first run that are not measured (before each later
                            run a third of it, but 15 seconds at most); a closed loop with 256
                            in flight where an open one is measured
        --seconds=20        length of a run
        --variant=uniform   uniform, hot-sku, hot-wallet, five-lines, card, refused; look-up, which
                            looks at orders of --stored instead of placing any; or, by itself,
                            timing-out: the wallet service is away until every saga is given up
        --stored=0,1000000  finished orders to be put into the tables beforehand, ascending; those
                            of earlier runs stay there too
        --backlog=100000    orders accepted while all other services are stopped, then worked off;
                            of one variant; with timing-out, how many (20000 if nothing is said)
        --monolith          also measure the yardstick: the same order in one transaction, no messages
        --micro             measure the code of decision, messages and JSON by itself instead (JMH)

      How the services run
        --processes         each service in a process of its own, PostgreSQL and Kafka in another
        --instances=2       so many processes of each service
        --jvm=FLAGS         flags of the services' JVMs, separated by blanks
        --data=DIR          keep the databases there

      What is told
        --threads           which threads used the processor
        --statements        which SQL statements took longest, and what each touched and logged
        --json=FILE         add the results to this file too, one line a run
        --html=FILE         write a page with tables and charts
        --baseline=FILE     compare with the results that --json wrote; exit code 1 if throughput, or
                            CPU, pages or log records per order, is worse by more than the noise

      All other options go to the services. Needs Linux (reads /proc).
      """;

  private static final Set<String> FLAGS = Set.of("monolith", "threads", "statements", "processes");
  private static final Set<String> VALUES =
      Set.of(
          "c",
          "rate",
          "warmup",
          "seconds",
          "variant",
          "stored",
          "backlog",
          "instances",
          "json",
          "html",
          "baseline",
          "jvm",
          "data");

  private static final Duration MOST_LATER_WARMUP = Duration.ofSeconds(15);
  private static final int TIMING_OUT_BACKLOG = 20_000;
  private static final String DEADLINE = "holdfast.place-order.deadline";
  private static final String SHORT_DEADLINE = "2s";
  private static final String ONE_JVM_FLAGS = "-Xms1500m -Xmx1500m -Xmn1g -XX:+UseParallelGC";
  private static final String SERVICE_JVM_FLAGS = "-Xmx512m -XX:+UseSerialGC";

  /**
   * @throws IllegalArgumentException naming the option that cannot be
   */
  static BenchSettings of(String... arguments) {
    var options = new Options(FLAGS, VALUES, arguments);
    var variants = options.list("variant", "uniform", Variant::of);
    boolean timingOut = variants.contains(Variant.TIMING_OUT);
    boolean processes = options.has("processes") || options.has("instances");
    options.refuseTogether("c", "rate");
    options.refuseTogether("backlog", "rate");
    if (variants.size() > 1 && timingOut) {
      throw new IllegalArgumentException("--variant=timing-out is measured by itself");
    }
    if (variants.size() > 1 && options.has("backlog")) {
      throw new IllegalArgumentException("--backlog needs exactly one variant");
    }
    var stored = stored(options);
    if (variants.contains(Variant.LOOK_UP) && (stored.contains(0L) || options.has("backlog"))) {
      throw new IllegalArgumentException(
          "--variant=look-up looks at orders of --stored, which needs more than 0, and no --backlog");
    }
    return new BenchSettings(
        options.list("c", "256", c -> Options.whole("c", c, 100_000)),
        options.has("rate")
            ? options.list("rate", "", rate -> Options.number("rate", rate))
            : List.of(),
        options.seconds("warmup", "15"),
        options.seconds("seconds", "20"),
        variants,
        stored,
        options.whole("backlog", timingOut ? TIMING_OUT_BACKLOG : 0, 100_000_000),
        options.whole("instances", processes ? 1 : 0, 20),
        options.has("monolith"),
        options.has("threads"),
        options.has("statements"),
        options.path("data"),
        options.path("json"),
        options.path("html"),
        options.path("baseline"),
        List.of(
            options
                .text("jvm", processes ? SERVICE_JVM_FLAGS : ONE_JVM_FLAGS)
                .trim()
                .split(" +", -1)),
        serviceArguments(options, timingOut));
  }

  private static List<Long> stored(Options options) {
    var stored =
        options.list(
            "stored",
            "0",
            count -> count.equals("0") ? 0L : (long) Options.whole("stored", count, 1_000_000_000));
    if (!stored.equals(stored.stream().sorted().toList())) {
      throw new IllegalArgumentException(
          "--stored=%s does not ascend, and nothing is taken out again"
              .formatted(options.text("stored", "")));
    }
    return stored;
  }

  private static List<String> serviceArguments(Options options, boolean timingOut) {
    var arguments = new ArrayList<String>(options.others());
    if (timingOut && !options.has(DEADLINE)) {
      arguments.add("--" + DEADLINE + "=" + SHORT_DEADLINE);
    }
    return arguments;
  }

  /** How the services run, for people and for comparisons. */
  String mode() {
    return instances == 0
        ? ONE_JVM
        : instances == 1 ? "a process each" : instances + " processes each";
  }

  /** The runs with so many orders in the tables beforehand, in their order. */
  List<RunKey> runs(long stored) {
    return variants.stream()
        .map(variant -> new RunKey(variant.title(), mode(), stored, backlog, 0, 0))
        .flatMap(
            key ->
                backlog > 0
                    ? Stream.of(key)
                    : rates.isEmpty()
                        ? concurrency.stream().map(key::inFlight)
                        : rates.stream().map(key::atRate))
        .toList();
  }

  /** Time before each run but the first that is not measured. */
  Duration laterWarmup() {
    var third = warmup.dividedBy(3);
    return third.compareTo(MOST_LATER_WARMUP) < 0 ? third : MOST_LATER_WARMUP;
  }
}
