package io.holdfast.benchmarks;

import io.holdfast.quickstart.Service;
import java.io.IOException;
import java.sql.Timestamp;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.stream.Collectors;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Orders are accepted while those who would handle them are stopped; then these start and work off
 * what is waiting. Where every order is to time out, one participant is stopped, and starts when
 * all sagas have been given up.
 *
 * <p>The rate is that from the moment at which all services serve to the last order's end. Costs
 * are those of accepting and of working off, not those of stopping and starting. An order that was
 * given up although everybody is there again, because its deadline passed in the crowd, is a
 * failure; so is one that was not given up where all should be.
 */
final class BacklogRun {

  private static final Duration STEP_LIMIT = Duration.ofMinutes(10);
  private static final Duration ACCEPTING_STEP = Duration.ofSeconds(1);
  private static final int ACCEPTING_CLIENTS = 64;
  private static final long POLL_MILLIS = 1_000;
  private static final int POLLS_PER_PROGRESS = 5;

  private static final List<Service> ALL_WHO_HANDLE =
      List.of(
          Service.INVENTORY_SERVICE,
          Service.WALLET_SERVICE,
          Service.PAYMENT_SERVICE,
          Service.SAGA_ORCHESTRATOR);

  private final BenchSettings settings;
  private final SystemUnderTest system;
  private final JdbcClient jdbc;
  private final CostMeter meter;

  BacklogRun(BenchSettings settings, SystemUnderTest system, JdbcClient jdbc, CostMeter meter) {
    this.settings = settings;
    this.system = system;
    this.jdbc = jdbc;
    this.meter = meter;
  }

  RunResult run(RunKey key, Duration warmup) throws IOException, InterruptedException {
    var variant = Variant.of(key.variant());
    boolean timingOut = variant == Variant.TIMING_OUT;
    var stopped = timingOut ? List.of(Service.WALLET_SERVICE) : ALL_WHO_HANDLE;
    warmUp(key, warmup);
    Bench.say("stopping " + titles(stopped));
    for (var service : stopped.reversed()) {
      system.stop(service);
    }
    var begin = databaseTime();
    var span = meter.begin();
    var accepted = accept(key, variant);
    if (timingOut) {
      awaitNone("sagas that have not been given up", NOT_GIVEN_UP);
    }
    var costs = span.end();

    Bench.say("starting " + titles(stopped));
    long starting = System.nanoTime();
    for (var service : stopped) {
      system.start(service);
    }
    double startSeconds = (System.nanoTime() - starting) / 1e9;
    var serving = databaseTime();
    span = meter.begin();
    awaitNone("orders that have not ended", OPEN_ORDERS);
    costs = costs.plus(span.end());
    return result(key, timingOut, begin, serving, startSeconds, accepted, costs);
  }

  private void warmUp(RunKey key, Duration length) throws IOException {
    var closedLoop = key.inFlight(settings.concurrency().getFirst());
    var orders = new Orders(Variant.UNIFORM, true);
    try (var load = new OrderLoad(system.address(), orders, closedLoop)) {
      LoadRun.warmUp(load, length);
      load.drain();
    }
  }

  /** How the accepting went: orders a second, and requests that were refused. */
  private record Accepted(double perSecond, long failures) {}

  private Accepted accept(RunKey key, Variant variant) throws IOException {
    Bench.say("accepting %,d orders".formatted(key.backlog()));
    var all = new HttpLoad.Window();
    var closedLoop = key.inFlight(ACCEPTING_CLIENTS);
    var orders = new Orders(variant, false);
    try (var load = new OrderLoad(system.address(), orders, closedLoop)) {
      while (all.latency().getTotalCount() < key.backlog()) {
        all.add(load.pass(ACCEPTING_STEP, "accepted"));
      }
      load.drain();
      return new Accepted(all.perSecond(), load.failures());
    }
  }

  private static final String OPEN_ORDERS =
      """
      select count(*) from orders.orders where next_action_at is not null
      """;

  private static final String NOT_GIVEN_UP =
      """
      select count(*) from orders.orders o left join saga.saga s on s.id = o.order_id
      where o.next_action_at is not null and s.state is distinct from 'CANCELLING'
      """;

  private void awaitNone(String what, String count) throws IOException, InterruptedException {
    long end = System.nanoTime() + STEP_LIMIT.toNanos();
    for (int poll = 0; ; poll++) {
      long left = jdbc.sql(count).query(Long.class).single();
      if (left == 0) {
        return;
      }
      if (System.nanoTime() > end) {
        throw new IOException(
            "after %d minutes there are still %,d %s; see holdfast.log in the data folder (--data)"
                .formatted(STEP_LIMIT.toMinutes(), left, what));
      }
      if (poll % POLLS_PER_PROGRESS == 0) {
        Bench.say("%,d %s".formatted(left, what));
      }
      Thread.sleep(POLL_MILLIS);
    }
  }

  private RunResult result(
      RunKey key,
      boolean timingOut,
      Timestamp begin,
      Timestamp serving,
      double startSeconds,
      Accepted accepted,
      Costs costs) {
    var ends = ends(begin, serving);
    var states = states(begin);
    long orders = states.values().stream().mapToLong(Long::longValue).sum();
    long givenUp = states.getOrDefault("CANCELLED", 0L);
    long wrongEnds = timingOut ? orders - givenUp : givenUp;
    var details = new LinkedHashMap<String, Object>();
    details.put("accepted_per_s", Math.round(accepted.perSecond()));
    details.put("start_s", RunResult.rounded(startSeconds));
    details.put("first_end_s", ends.getFirst());
    details.put("orders_per_s_since_start", Math.round(orders / (startSeconds + ends.getLast())));
    details.put(
        "orders_per_s_since_first_end",
        Math.round(orders / Math.max(0.001, ends.getLast() - ends.getFirst())));
    details.put("states", states);
    double cpu =
        costs.cpuMicros().values().stream().mapToLong(Long::longValue).sum() / (double) orders;
    meter.sayDetails(settings, costs, orders);
    return RunResult.of(
        key,
        orders,
        ends.getLast(),
        new HttpLoad.Window(),
        costs,
        meter.residentMebibytes(),
        accepted.failures() + wrongEnds,
        segments(ends, orders, cpu),
        details);
  }

  private static final String ENDS =
      """
      select extract(epoch from ended_at - ?)::float8 from unnest((
        select percentile_disc(array[0, 0.25, 0.5, 0.75, 1]) within group (order by ended_at)
        from orders.orders where placed_at >= ?)) ended_at
      """;

  /** Seconds after which the first order and each quarter of all had ended. */
  private List<Double> ends(Timestamp begin, Timestamp serving) {
    return jdbc.sql(ENDS)
        .params(serving, begin)
        .query((row, _) -> RunResult.rounded(row.getDouble(1)))
        .list();
  }

  /** Between these times; only the whole run's processor time is known. */
  private static List<Segment> segments(List<Double> ends, long orders, double cpuMicros) {
    var segments = new ArrayList<Segment>();
    for (int i = 1; i < ends.size(); i++) {
      double seconds = Math.max(0.001, ends.get(i) - ends.get(i - 1));
      double quarter = (double) orders / (ends.size() - 1);
      segments.add(
          new Segment(RunResult.rounded(quarter / seconds), RunResult.rounded(cpuMicros), 0, 0));
    }
    return segments;
  }

  private static final String STATES =
      """
      select state, count(*) from orders.orders where placed_at >= ? group by state order by state
      """;

  private SequencedMap<String, Long> states(Timestamp begin) {
    var states = new LinkedHashMap<String, Long>();
    jdbc.sql(STATES)
        .param(begin)
        .query(
            (row) -> {
              states.put(row.getString(1), row.getLong(2));
            });
    return states;
  }

  private Timestamp databaseTime() {
    return jdbc.sql("select clock_timestamp()").query((row, _) -> row.getTimestamp(1)).single();
  }

  private static String titles(List<Service> services) {
    return services.stream().map(Service::title).collect(Collectors.joining(", "));
  }
}
