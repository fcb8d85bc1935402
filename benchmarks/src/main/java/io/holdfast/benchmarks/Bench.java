package io.holdfast.benchmarks;

import io.holdfast.benchmarks.micro.MicroBenchmarks;
import io.holdfast.quickstart.Audit;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import org.openjdk.jmh.runner.RunnerException;
import org.springframework.jdbc.core.simple.JdbcClient;

/** {@code ./holdfast bench}. */
public final class Bench {

  private static final Duration REST_LIMIT = Duration.ofMinutes(2);
  private static final long POLL_MILLIS = 500;

  private final BenchSettings settings;
  private final SystemUnderTest system;
  private final Servers servers;
  private final JdbcClient jdbc;
  private final CostMeter meter;

  private Bench(BenchSettings settings, SystemUnderTest system) {
    this.settings = settings;
    this.system = system;
    this.servers = system.servers();
    this.jdbc = servers.superuserClient();
    this.meter = new CostMeter(system, jdbc);
  }

  public static void main(String[] arguments)
      throws IOException, InterruptedException, SQLException, RunnerException {
    Locale.setDefault(Locale.ROOT); // numbers in tables and charts look the same everywhere
    if (List.of(arguments).contains("--help")) {
      System.out.print(BenchSettings.USAGE);
      return;
    }
    if (List.of(arguments).contains("--micro")) {
      MicroBenchmarks.run();
      return;
    }
    BenchSettings settings;
    Baseline baseline;
    try {
      settings = BenchSettings.of(arguments);
      var file = settings.baseline();
      baseline = file == null ? null : Baseline.read(file);
    } catch (IllegalArgumentException e) {
      System.err.println("holdfast bench: " + e.getMessage());
      System.exit(2);
      return;
    }
    System.exit(measure(settings).tell(settings, baseline) ? 0 : 1);
  }

  private static Report measure(BenchSettings settings)
      throws IOException, InterruptedException, SQLException {
    Path data = settings.data();
    boolean temporary = data == null;
    if (data == null) {
      data = Files.createTempDirectory("holdfast-bench");
    }
    say("starting PostgreSQL, Kafka and the five services");
    try (var system = start(settings, data)) {
      return new Bench(settings, system).run();
    } finally {
      if (temporary) {
        delete(data);
      }
    }
  }

  private static SystemUnderTest start(BenchSettings settings, Path data) throws IOException {
    return settings.instances() == 0
        ? OneJvm.start(data, settings.jvmFlags(), settings.serviceArguments())
        : SeparateJvms.start(
            data, settings.instances(), settings.jvmFlags(), settings.serviceArguments());
  }

  private Report run() throws IOException, InterruptedException, SQLException {
    say("putting in %,d goods and %,d wallets".formatted(Variant.GOODS, Variant.WALLETS));
    Orders.seed(system.address());
    var results = runs();
    say("checking the books");
    return new Report(
        results, new Audit(jdbc).differences(), settings.monolith() ? monolith() : null);
  }

  private List<RunResult> runs() throws IOException, InterruptedException {
    var past = new StoredOrders(jdbc);
    var results = new ArrayList<RunResult>();
    for (long stored : settings.stored()) {
      past.fillUpTo(stored);
      for (var key : settings.runs(stored)) {
        results.add(run(key, results.isEmpty() ? settings.warmup() : settings.laterWarmup()));
      }
      awaitRest();
    }
    return results;
  }

  private RunResult run(RunKey key, Duration warmup) throws IOException, InterruptedException {
    return key.backlog() > 0
        ? new BacklogRun(settings, system, jdbc, meter).run(key, warmup)
        : new LoadRun(settings, system, jdbc, meter).run(key, warmup);
  }

  private static final String OPEN =
      """
      select exists (select from orders.orders where next_action_at is not null)
        or exists (select from saga.saga where next_action_at is not null)
      """;

  /** Of open orders the books tell nothing, and filling the tables could deadlock with them. */
  private void awaitRest() throws InterruptedException {
    say("waiting for the last orders");
    long end = System.nanoTime() + REST_LIMIT.toNanos();
    while (jdbc.sql(OPEN).query(Boolean.class).single() && System.nanoTime() < end) {
      Thread.sleep(POLL_MILLIS);
    }
  }

  private Monolith.Result monolith() throws SQLException, InterruptedException {
    say("the yardstick: one transaction an order");
    return Monolith.measure(servers, settings.warmup().dividedBy(3), settings.measured());
  }

  static void say(String text) {
    System.err.println(text);
  }

  private static void delete(Path folder) throws IOException {
    try (var paths = Files.walk(folder)) {
      for (var path : paths.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }
}
