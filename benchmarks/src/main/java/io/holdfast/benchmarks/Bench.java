package io.holdfast.benchmarks;

import io.holdfast.quickstart.Audit;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.json.JsonMapper;

/** {@code ./holdfast bench}. */
public final class Bench {

  private static final Duration END_LIMIT = Duration.ofMinutes(2);
  private static final Duration PROGRESS = Duration.ofSeconds(5);

  private final BenchSettings settings;
  private final PlatformProcess platform;
  private final JdbcClient jdbc;
  private final StatementCosts statements;
  private final LongAdder failures = new LongAdder();
  private final List<RunResult> results = new ArrayList<>();

  private Bench(BenchSettings settings, PlatformProcess platform) {
    this.settings = settings;
    this.platform = platform;
    this.jdbc = DatabaseCosts.superuser(platform.address());
    this.statements = new StatementCosts(jdbc);
  }

  public static void main(String[] arguments)
      throws IOException, InterruptedException, SQLException {
    if (List.of(arguments).contains("--help")) {
      System.out.print(BenchSettings.USAGE);
      return;
    }
    BenchSettings settings;
    try {
      settings = BenchSettings.of(arguments);
    } catch (IllegalArgumentException e) {
      System.err.println("holdfast bench: " + e.getMessage());
      System.exit(2);
      return;
    }
    Path data = settings.data();
    boolean temporary = data == null;
    if (data == null) {
      data = Files.createTempDirectory("holdfast-bench");
    }
    boolean balanced;
    say("starting PostgreSQL, Kafka and the five services");
    try (var platform =
        PlatformProcess.start(data, settings.jvmFlags(), settings.serviceArguments())) {
      balanced = new Bench(settings, platform).run();
    } finally {
      if (temporary) {
        delete(data);
      }
    }
    System.exit(balanced ? 0 : 1);
  }

  private boolean run() throws IOException, InterruptedException, SQLException {
    say("putting in %d goods and %d wallets".formatted(Variant.GOODS, Variant.WALLETS));
    Orders.seed(platform.address());
    jdbc.sql("analyze").update();
    var orders = new Orders(settings.variant(), platform.address().orderPort());
    if (settings.rate() > 0) {
      measure(orders, 0, settings.warmup());
    } else {
      var warmup = settings.warmup();
      for (int c : settings.concurrency()) {
        measure(orders, c, warmup);
        warmup = settings.warmup().dividedBy(3);
      }
    }
    var differences = awaitRest();
    var yardstick = settings.monolith() ? monolith() : null;
    report(differences, yardstick);
    return differences.isEmpty() && failures.sum() == 0;
  }

  /** One run: warm up, measure, let what is open end. */
  private void measure(Orders orders, int c, Duration warmup) throws IOException {
    var address =
        new InetSocketAddress(InetAddress.getLoopbackAddress(), platform.address().orderPort());
    try (var load = new HttpLoad(address, orders::next, this::read)) {
      String what = c > 0 ? "C=" + c : "%.0f/s".formatted(settings.rate());
      if (c > 0) {
        load.startClosedLoop(c);
      }
      pass(load, warmup, what + " warming up");
      statements.reset();
      var databaseBefore = DatabaseCosts.now(platform.address(), jdbc, statements);
      var before = Costs.now(platform);
      var window = pass(load, settings.measured(), what);
      var after = Costs.now(platform);
      var databaseAfter = DatabaseCosts.now(platform.address(), jdbc, statements);
      results.add(
          RunResult.of(
              settings,
              c,
              window,
              before,
              after,
              databaseBefore,
              databaseAfter,
              ProcessCosts.residentMebibytes(
                  ProcessHandle.current().pid(),
                  platform.pid(),
                  platform.address().postgresPid())));
      if (settings.statements()) {
        statements.say(window.latency().getTotalCount());
      }
      load.drain(END_LIMIT);
      if (settings.threads()) {
        after.sayThreads(before, window.latency().getTotalCount());
      }
    }
  }

  private HttpLoad.Window pass(HttpLoad load, Duration length, String what) throws IOException {
    if (settings.rate() > 0) {
      var window = load.runAtRate(settings.rate(), length);
      say(progress(what, window));
      return window;
    }
    var all = new HttpLoad.Window();
    for (var left = length; left.isPositive(); left = left.minus(PROGRESS)) {
      var window = load.run(left.compareTo(PROGRESS) < 0 ? left : PROGRESS);
      say(progress(what, window));
      all.latency().add(window.latency());
    }
    return all.ended();
  }

  private static String progress(String what, HttpLoad.Window window) {
    return "%-18s %7.0f orders/s  p50 %6.1f ms  p99 %6.1f ms"
        .formatted(what, window.perSecond(), window.millis(50), window.millis(99));
  }

  /** An order that was not accepted is a failed run: a business refusal is a success. */
  private void read(int status, ByteBuffer answer) {
    if (status >= 300) {
      failures.increment();
      if (failures.sum() <= 3) {
        byte[] bytes = new byte[answer.remaining()];
        answer.get(bytes);
        say("refused: " + new String(bytes, StandardCharsets.UTF_8));
      }
    }
  }

  private Map<String, List<String>> awaitRest() throws InterruptedException {
    say("waiting for the last orders, and checking the books");
    var audit = new Audit(jdbc);
    var differences = audit.differences();
    long end = System.nanoTime() + END_LIMIT.toNanos();
    while (!differences.isEmpty() && System.nanoTime() < end) {
      Thread.sleep(1_000);
      differences = audit.differences();
    }
    return differences;
  }

  private Monolith.Result monolith() throws SQLException, InterruptedException {
    say("the yardstick: one transaction an order");
    var address = platform.address();
    return Monolith.measure(
        address.databaseUrl(),
        address.superuser(),
        address.superuserPassword(),
        address.postgresPid(),
        settings.warmup().dividedBy(3),
        settings.measured());
  }

  private void report(Map<String, List<String>> differences, Monolith.@Nullable Result yardstick)
      throws IOException {
    System.out.println(RunResult.TABLE_HEAD);
    results.forEach(result -> System.out.println(result.tableRow()));
    if (yardstick != null) {
      System.out.println(
          "one transaction an order (16 connections): %.0f orders/s, %.0f us of CPU an order"
              .formatted(yardstick.ordersPerSecond(), yardstick.cpuMicrosPerOrder()));
    }
    if (failures.sum() > 0) {
      System.out.println(failures.sum() + " requests were refused");
    }
    differences.forEach((check, rows) -> System.out.println("NOT IN ORDER: " + check + " " + rows));
    var json = new JsonMapper();
    for (var result : results) {
      var line = new LinkedHashMap<String, Object>(result.toJson());
      line.put("invariants", differences.isEmpty() ? "OK" : differences);
      line.put("failures", failures.sum());
      if (yardstick != null) {
        line.put("monolith_orders_per_s", Math.round(yardstick.ordersPerSecond()));
      }
      String text = json.writeValueAsString(line);
      System.out.println(text);
      var output = settings.output();
      if (output != null) {
        Files.writeString(
            output, text + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
      }
    }
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
