package io.holdfast.benchmarks;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.stream.Collectors;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.json.JsonMapper;

/**
 * What one run gave, as its JSON line has it. Costs are those of an order.
 *
 * @param percentiles latency in milliseconds; empty where nobody waited for an answer
 * @param p50Ms 0 where nobody waited for an answer; so are {@code p99Ms} and {@code maxMs}
 * @param cpuUs CPU microseconds by process
 * @param rssMb memory of all processes at the end of the run, in MiB
 * @param failures requests that did not lead to where they should have
 * @param segments equal parts of the run
 * @param details what only runs of this kind have
 */
record RunResult(
    String peer,
    String variant,
    String mode,
    long stored,
    int backlog,
    int c,
    double rate,
    double seconds,
    double ordersPerS,
    double p50Ms,
    double p99Ms,
    double maxMs,
    @JsonProperty("cpu_s_per_1000") double cpuSPer1000,
    SequencedMap<String, Double> cpuUs,
    double commits,
    double statements,
    double pages,
    double pagesRead,
    double walBytes,
    double walRecords,
    double walPages,
    double messages,
    double messageBytes,
    long rssMb,
    long failures,
    SequencedMap<String, Double> percentiles,
    List<Segment> segments,
    SequencedMap<String, Object> details) {

  static final JsonMapper JSON =
      JsonMapper.builder()
          .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
          .disable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .build();

  static final String TABLE_HEAD =
      "%-36s %9s %8s %8s %9s | %6s us CPU/order, of which %30s | %7s %10s %6s %7s %7s %8s %6s"
          .formatted(
              "run",
              "orders/s",
              "p50 ms",
              "p99 ms",
              "max ms",
              "sum",
              "",
              "commits",
              "statements",
              "pages",
              "WAL B",
              "records",
              "messages",
              "B");

  private static final double[] PERCENTILES = {25, 50, 75, 90, 95, 99, 99.5, 99.9, 100};

  /** A file of another version, or of somebody else's, may lack what it does not need. */
  RunResult {
    cpuUs = cpuUs == null ? new LinkedHashMap<>() : cpuUs;
    percentiles = percentiles == null ? new LinkedHashMap<>() : percentiles;
    segments = segments == null ? List.of() : List.copyOf(segments);
    details = details == null ? new LinkedHashMap<>() : details;
  }

  static RunResult of(
      RunKey key,
      long orders,
      double seconds,
      HttpLoad.Window latency,
      Costs costs,
      long residentMebibytes,
      long failures,
      List<Segment> segments,
      SequencedMap<String, Object> details) {
    var cpu = new LinkedHashMap<String, Double>();
    costs.cpuMicros().forEach((process, micros) -> cpu.put(process, perOrder(micros, orders)));
    double cpuSum = cpu.values().stream().mapToDouble(Double::doubleValue).sum();
    var database = costs.database();
    return new RunResult(
        "holdfast",
        key.variant(),
        key.mode(),
        key.stored(),
        key.backlog(),
        key.c(),
        key.rate(),
        rounded(seconds),
        rounded(orders / seconds),
        latency.millis(50),
        latency.millis(99),
        latency.millis(100),
        rounded(cpuSum / 1000),
        cpu,
        perOrder(database.commits(), orders),
        perOrder(database.statements(), orders),
        perOrder(database.pages(), orders),
        perOrder(database.pagesRead(), orders),
        perOrder(database.walBytes(), orders),
        perOrder(database.walRecords(), orders),
        perOrder(database.walPages(), orders),
        perOrder(database.messages(), orders),
        perOrder(database.messageBytes(), orders),
        residentMebibytes,
        failures,
        percentiles(latency),
        segments,
        details);
  }

  private static SequencedMap<String, Double> percentiles(HttpLoad.Window latency) {
    var percentiles = new LinkedHashMap<String, Double>();
    if (latency.latency().getTotalCount() > 0) {
      for (double percentile : PERCENTILES) {
        percentiles.put(
            percentile == 100 ? "max" : "p" + Double.toString(percentile).replaceAll("\\.0$", ""),
            latency.millis(percentile));
      }
    }
    return percentiles;
  }

  @JsonIgnore
  RunKey key() {
    return new RunKey(
        variant, mode == null ? BenchSettings.ONE_JVM : mode, stored, backlog, c, rate);
  }

  @JsonIgnore
  double cpuMicros() {
    return cpuSPer1000 * 1000;
  }

  String tableRow() {
    String processes =
        cpuUs.entrySet().stream()
            .map(process -> "%s %.0f".formatted(process.getKey(), process.getValue()))
            .collect(Collectors.joining(", "));
    return "%-36s %9.0f %8.1f %8.1f %9.1f | %6.0f: %-45s | %7.2f %10.2f %6.0f %7.0f %7.1f %8.2f %6.0f"
        .formatted(
            key().title(),
            ordersPerS,
            p50Ms,
            p99Ms,
            maxMs,
            cpuMicros(),
            processes,
            commits,
            statements,
            pages,
            walBytes,
            walRecords,
            messages,
            messageBytes);
  }

  /** What only runs of this kind have, for people; empty if nothing. */
  String detailsRow() {
    return details.entrySet().stream()
        .map(detail -> detail.getKey().replace('_', ' ') + " " + detail.getValue())
        .collect(Collectors.joining(", "));
  }

  private static double perOrder(long total, long orders) {
    return rounded((double) total / orders);
  }

  static double rounded(double value) {
    return Math.round(value * 1000) / 1000.0;
  }
}
