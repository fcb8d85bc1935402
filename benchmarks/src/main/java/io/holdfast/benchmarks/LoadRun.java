package io.holdfast.benchmarks;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import org.springframework.jdbc.core.simple.JdbcClient;

/** One run of a closed or an open loop: warm up, measure, let what is open end. */
final class LoadRun {

  private static final Duration PROGRESS = Duration.ofSeconds(5);
  private static final int SEGMENTS = 4;

  /**
   * In flight before an open loop. At a rate that leaves the machine half idle, compilers would
   * take far longer to find out what is used most.
   */
  private static final int WARMING_CLIENTS = 256;

  private final BenchSettings settings;
  private final SystemUnderTest system;
  private final JdbcClient jdbc;
  private final CostMeter meter;

  LoadRun(BenchSettings settings, SystemUnderTest system, JdbcClient jdbc, CostMeter meter) {
    this.settings = settings;
    this.system = system;
    this.jdbc = jdbc;
    this.meter = meter;
  }

  RunResult run(RunKey key, Duration warmup) throws IOException {
    var variant = Variant.of(key.variant());
    var requests = variant == Variant.LOOK_UP ? LookUps.ofStored(jdbc) : new Orders(variant, true);
    boolean openLoop = key.rate() > 0;
    if (openLoop) {
      try (var load = new OrderLoad(system.address(), requests, key.inFlight(WARMING_CLIENTS))) {
        warmUp(load, warmup);
        load.drain();
      }
    }
    try (var load = new OrderLoad(system.address(), requests, key)) {
      warmUp(load, openLoop ? PROGRESS : warmup);
      return measure(load, key);
    }
  }

  /** Lets the services get warm. */
  static void warmUp(OrderLoad load, Duration length) throws IOException {
    for (var left = length; left.isPositive(); left = left.minus(PROGRESS)) {
      load.pass(left.compareTo(PROGRESS) < 0 ? left : PROGRESS, "warming up");
    }
  }

  private RunResult measure(OrderLoad load, RunKey key) throws IOException {
    var segments = new ArrayList<Segment>();
    var all = new HttpLoad.Window();
    var span = meter.begin();
    for (int i = 0; i < SEGMENTS; i++) {
      long cpu = meter.totalCpuMicros();
      var window = load.pass(settings.measured().dividedBy(SEGMENTS), "");
      segments.add(segment(window, meter.totalCpuMicros() - cpu));
      all.add(window);
    }
    var costs = span.end();
    long orders = all.latency().getTotalCount();
    if (orders == 0) {
      throw new IOException("no order ended within --seconds; give it longer");
    }
    meter.sayDetails(settings, costs, orders);
    long resident = meter.residentMebibytes();
    load.drain();
    return RunResult.of(
        key,
        orders,
        all.seconds(),
        all,
        costs,
        resident,
        load.failures(),
        segments,
        new LinkedHashMap<>());
  }

  private static Segment segment(HttpLoad.Window window, long cpuMicros) {
    return new Segment(
        RunResult.rounded(window.perSecond()),
        RunResult.rounded((double) cpuMicros / Math.max(1, window.latency().getTotalCount())),
        window.millis(50),
        window.millis(99));
  }
}
