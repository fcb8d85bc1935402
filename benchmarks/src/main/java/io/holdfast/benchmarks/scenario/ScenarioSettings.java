package io.holdfast.benchmarks.scenario;

import io.holdfast.benchmarks.Options;
import io.holdfast.quickstart.Service;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Which scenario is run, and how large.
 *
 * @param actors who act at the same time
 * @param length how long new things are asked for, where a scenario has no other end
 * @param rounds how often each actor does what it does
 * @param orders how many are placed
 * @param stock pieces of the good that all want
 * @param seed makes what each actor does repeatable, though not when
 * @param limit for all to be done, behind that length, and again for all to come to rest
 * @param running whether it is aimed at a Holdfast that runs already
 * @param ports where that one's services answer
 * @param data folder of the databases; null for one that is deleted at the end
 * @param json whether the last line is the result as JSON
 * @param serviceArguments what services are told that are started for it
 */
record ScenarioSettings(
    Scenario scenario,
    int actors,
    Duration length,
    int rounds,
    int orders,
    int stock,
    long seed,
    Duration limit,
    boolean running,
    Map<Service, Integer> ports,
    @Nullable Path data,
    boolean json,
    List<String> serviceArguments) {

  static final String SECONDS = "seconds";
  static final String ROUNDS = "rounds";
  static final String ORDERS = "orders";
  static final String STOCK = "stock";

  private static final int FEWEST_ACTORS = 100;
  private static final int MOST_ACTORS = 5_000;

  private static final List<Scenario> SCENARIOS =
      List.of(
          new Withdrawals(),
          new VoucherRace(),
          new FlashSale(),
          new DuplicateCallbacks(),
          new Mixed());

  static final String USAGE =
      """
      Usage: ./holdfast scenario <name> [options]

      Many actors do at once what goes wrong elsewhere; then the books are checked. Exit code 0 if every
      invariant holds, 1 if one does not (the rows that are wrong are named), 2 if an option is wrong.

      %s

        --actors=100        who act at the same time; at least 100
        --seconds=20        withdrawals, mixed: how long they do
        --rounds=5          voucher, duplicate-callbacks: how often each does it
        --orders=10000      flash-sale: how many
        --stock=8000        flash-sale: pieces that there are, of which each order wants two on
                            average; four fifths of --orders if nothing is said
        --seed=1            makes what each actor does repeatable, though not when
        --limit=120         seconds for all to be done, besides --seconds, and again for all to
                            come to rest
        --json              the last line is the result as JSON

      Where
        --running           the Holdfast that ./holdfast run has started, with goods and wallets of
                            the run's own; --order-service.port=9000 and so on, if it is not where
                            it usually is. Otherwise servers are started for it
        --data=DIR          keep their databases there

      Options with a dot, such as --holdfast.messaging.max-batch=50, go to the services that are started.
      """
          .formatted(
              SCENARIOS.stream()
                  .map(scenario -> "  %-19s %s".formatted(scenario.name(), scenario.about()))
                  .collect(Collectors.joining("\n")));

  private static final Set<String> FLAGS = Set.of("running", "json");
  private static final Set<String> SIZES = Set.of(SECONDS, ROUNDS, ORDERS, STOCK);
  private static final Set<String> VALUES =
      Stream.concat(SIZES.stream(), Stream.of("actors", "seed", "limit", "data"))
          .collect(Collectors.toUnmodifiableSet());

  ScenarioSettings {
    ports = Map.copyOf(ports);
    serviceArguments = List.copyOf(serviceArguments);
  }

  /**
   * @param arguments the name of a scenario, then options
   * @throws IllegalArgumentException naming the option that cannot be
   */
  static ScenarioSettings of(String... arguments) {
    if (arguments.length == 0 || arguments[0].startsWith("--")) {
      throw new IllegalArgumentException("say which scenario: one of " + names());
    }
    var scenario = named(arguments[0]);
    var options = new Options(FLAGS, VALUES, Stream.of(arguments).skip(1).toArray(String[]::new));
    refuseForeignSizes(scenario, options);
    int orders = options.whole(ORDERS, 10_000, 1_000_000);
    var ports = new EnumMap<Service, Integer>(Service.class);
    var others = new ArrayList<>(scenario.serviceArguments());
    boolean running = options.has("running");
    for (String other : options.others()) {
      if (!takePort(other, ports)) {
        refuseUnknown(other, running);
        others.add(other);
      }
    }
    if (running && options.has("data")) {
      throw new IllegalArgumentException(
          "--data is for servers that are started, not for --running");
    }
    if (!running && !ports.isEmpty()) {
      throw new IllegalArgumentException(
          "--%s.port is for --running: servers that are started take free ports"
              .formatted(ports.keySet().iterator().next().title()));
    }
    return new ScenarioSettings(
        scenario,
        actors(options),
        options.seconds(SECONDS, "20"),
        options.whole(ROUNDS, 5, 10_000),
        orders,
        options.whole(STOCK, Math.max(1, orders * 4 / 5), 1_000_000_000),
        options.whole("seed", 1, Integer.MAX_VALUE),
        options.seconds("limit", "120"),
        running,
        ports,
        options.path("data"),
        options.has("json"),
        others);
  }

  private static Scenario named(String name) {
    return SCENARIOS.stream()
        .filter(scenario -> scenario.name().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "there is no scenario '%s', only %s".formatted(name, names())));
  }

  private static String names() {
    return SCENARIOS.stream().map(Scenario::name).collect(Collectors.joining(", "));
  }

  private static int actors(Options options) {
    int actors = options.whole("actors", FEWEST_ACTORS, MOST_ACTORS);
    if (actors < FEWEST_ACTORS) {
      throw new IllegalArgumentException(
          "--actors=%d is too few: a race needs at least %d".formatted(actors, FEWEST_ACTORS));
    }
    return actors;
  }

  private static void refuseForeignSizes(Scenario scenario, Options options) {
    for (String size : SIZES) {
      if (options.has(size) && !scenario.sizes().contains(size)) {
        throw new IllegalArgumentException(
            "--%s is no option of %s, which has %s"
                .formatted(
                    size,
                    scenario.name(),
                    scenario.sizes().stream()
                        .sorted()
                        .map(own -> "--" + own)
                        .collect(Collectors.joining(", "))));
      }
    }
  }

  /** Takes {@code --order-service.port=9000} and the like; false if it is something else. */
  private static boolean takePort(String option, Map<Service, Integer> ports) {
    for (var service : Service.values()) {
      String name = service.title() + ".port";
      String prefix = "--" + name + "=";
      if (option.startsWith(prefix)) {
        ports.put(
            service,
            new Options(Set.of(), Set.of(name), option).whole(name, service.defaultPort(), 65_535));
        return true;
      }
    }
    return false;
  }

  private static void refuseUnknown(String option, boolean running) {
    String name = option.substring(2, option.indexOf('='));
    if (name.indexOf('.') < 0) {
      throw new IllegalArgumentException(
          "there is no option --%s; ./holdfast scenario --help lists them".formatted(name));
    }
    if (running) {
      throw new IllegalArgumentException(
          "--%s is for services that are started, not for --running".formatted(name));
    }
  }
}
