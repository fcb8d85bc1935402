package io.holdfast.benchmarks;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What one run gave. Latencies are in milliseconds, costs are per order, in microseconds of CPU,
 * bytes and counts; memory is that of all processes at the end of the run.
 */
record RunResult(
    String variant,
    int concurrency,
    double rate,
    double seconds,
    double ordersPerSecond,
    double p50,
    double p99,
    double max,
    double servicesMicros,
    double postgresMicros,
    double loadMicros,
    double walBytes,
    double commits,
    double statements,
    double messages,
    double messageBytes,
    long residentMebibytes) {

  static final String TABLE_HEAD =
      "variant      C     rate  orders/s    p50 ms    p99 ms    max ms | CPU us/order: services postgres   load    sum | commits statements   WAL B  messages      B";

  static RunResult of(
      BenchSettings settings,
      int c,
      HttpLoad.Window window,
      Costs before,
      Costs after,
      DatabaseCosts databaseBefore,
      DatabaseCosts databaseAfter,
      long residentMebibytes) {
    double orders = window.latency().getTotalCount();
    return new RunResult(
        settings.variant().title(),
        c,
        c > 0 ? 0 : settings.rate(),
        window.seconds(),
        window.perSecond(),
        window.millis(50),
        window.millis(99),
        window.millis(100),
        (after.services() - before.services()) / orders,
        (after.postgres() - before.postgres()) / orders,
        (after.load() - before.load()) / orders,
        (databaseAfter.walBytes() - databaseBefore.walBytes()) / orders,
        (databaseAfter.commits() - databaseBefore.commits()) / orders,
        (databaseAfter.statements() - databaseBefore.statements()) / orders,
        (databaseAfter.messages() - databaseBefore.messages()) / orders,
        (databaseAfter.messageBytes() - databaseBefore.messageBytes()) / orders,
        residentMebibytes);
  }

  private double cpuMicros() {
    return servicesMicros + postgresMicros + loadMicros;
  }

  String tableRow() {
    return "%-12s %-5d %5.0f %9.0f %9.1f %9.1f %9.1f | %22.0f %8.0f %6.0f %6.0f | %7.2f %10.2f %7.0f %9.2f %6.0f"
        .formatted(
            variant,
            concurrency,
            rate,
            ordersPerSecond,
            p50,
            p99,
            max,
            servicesMicros,
            postgresMicros,
            loadMicros,
            cpuMicros(),
            commits,
            statements,
            walBytes,
            messages,
            messageBytes);
  }

  Map<String, Object> toJson() {
    var json = new LinkedHashMap<String, Object>();
    json.put("peer", "holdfast");
    json.put("variant", variant);
    json.put("c", concurrency);
    json.put("rate", rate);
    json.put("orders_per_s", Math.round(ordersPerSecond));
    json.put("p50_ms", rounded(p50));
    json.put("p99_ms", rounded(p99));
    json.put("max_ms", rounded(max));
    json.put("cpu_s_per_1000", rounded(cpuMicros() / 1000));
    json.put("cpu_us_services", Math.round(servicesMicros));
    json.put("cpu_us_postgres", Math.round(postgresMicros));
    json.put("cpu_us_load", Math.round(loadMicros));
    json.put("commits", rounded(commits));
    json.put("statements", rounded(statements));
    json.put("wal_bytes", Math.round(walBytes));
    json.put("messages", rounded(messages));
    json.put("message_bytes", Math.round(messageBytes));
    json.put("rss_mb", residentMebibytes);
    return json;
  }

  private static double rounded(double value) {
    return Math.round(value * 1000) / 1000.0;
  }
}
