package io.holdfast.benchmarks;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.function.ToDoubleFunction;

/** A report as one page that needs nothing else: tables, and charts in SVG. */
final class HtmlPage {

  private static final String PAGE =
      """
      <!doctype html>
      <html lang="en">
      <head>
      <meta charset="utf-8">
      <meta name="viewport" content="width=device-width">
      <title>Holdfast benchmark</title>
      <style>
      :root { color-scheme: light dark; --back: #fff; --panel: #f6f7f9; --text: #1c2330; --faint: #667085; --line: #d9dde5;
        --bad: #b42318; --good: #067647;
        --c0: #2563eb; --c1: #d97706; --c2: #0d9488; --c3: #c026d3; --c4: #65a30d; --c5: #dc2626; --c6: #7c3aed; --c7: #64748b; }
      @media (prefers-color-scheme: dark) { :root { --back: #11151c; --panel: #191f29; --text: #e6e9ef; --faint: #98a2b3; --line: #313a49;
        --bad: #f97066; --good: #47cd89;
        --c0: #60a5fa; --c1: #fbbf24; --c2: #2dd4bf; --c3: #e879f9; --c4: #a3e635; --c5: #f87171; --c6: #a78bfa; --c7: #94a3b8; } }
      body { background: var(--back); color: var(--text); font: 15px/1.45 system-ui, sans-serif; margin: 2rem auto; max-width: 76rem; padding: 0 1.2rem; }
      h1 { font-size: 1.5rem; margin: 0 0 .3rem } h2 { font-size: 1.05rem; margin: 0 0 .6rem }
      p { margin: .2rem 0 1rem; color: var(--faint) }
      section { background: var(--panel); border: 1px solid var(--line); border-radius: .6rem; padding: 1rem 1.2rem; margin: 1rem 0; overflow-x: auto }
      .charts { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(30rem, 100%), 1fr)); gap: 1rem } .charts section { margin: 0 }
      table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; font-size: .86rem }
      th, td { padding: .3rem .55rem; text-align: right; border-bottom: 1px solid var(--line); white-space: nowrap }
      th { color: var(--faint); font-weight: 600 } th:first-child, td:first-child, td.text { text-align: left } td.text { white-space: normal }
      .good { color: var(--good) } .bad { color: var(--bad); font-weight: 600 }
      svg { width: 100%; height: auto; display: block } svg text { fill: var(--faint); font: 11px system-ui, sans-serif } svg text.value { fill: var(--text) }
      svg .grid { stroke: var(--line) }
      </style>
      </head>
      <body>
      """;

  private final Report report;
  private final List<Baseline.Comparison> comparisons;

  HtmlPage(Report report, List<Baseline.Comparison> comparisons) {
    this.report = report;
    this.comparisons = comparisons;
  }

  String text() {
    return PAGE
        + "<h1>Holdfast benchmark</h1>\n"
        + "<p>One order: placed over HTTP, stock and balance reserved at two services, both confirmed,"
        + " its end stored. All processes and the load generator on one machine.</p>\n"
        + correctness()
        + "<section><h2>Runs</h2>"
        + runs()
        + "</section>\n"
        + charts()
        + (comparisons.isEmpty()
            ? ""
            : "<section><h2>Compared with the baseline</h2>" + compared() + "</section>\n")
        + "</body>\n</html>\n";
  }

  private String correctness() {
    if (report.differences().isEmpty() && report.failures() == 0) {
      return "<p class=\"good\">The books balance, and every order is where it should be.</p>\n";
    }
    var text = new StringBuilder("<section class=\"bad\"><h2>Not in order</h2>");
    if (report.failures() > 0) {
      text.append(
          "<div>%d orders did not get where they should have</div>".formatted(report.failures()));
    }
    report
        .differences()
        .forEach(
            (check, rows) ->
                text.append("<div>")
                    .append(escaped(check + ": " + String.join(", ", rows)))
                    .append("</div>"));
    return text.append("</section>\n").toString();
  }

  private String runs() {
    var rows = new ArrayList<List<String>>();
    for (var run : report.results()) {
      boolean answered = !run.percentiles().isEmpty();
      rows.add(
          List.of(
              cell(run.key().title()),
              cell("%,.0f".formatted(run.ordersPerS())),
              cell(answered ? "%.1f".formatted(run.p50Ms()) : "-"),
              cell(answered ? "%.1f".formatted(run.p99Ms()) : "-"),
              cell("%,.0f".formatted(run.cpuMicros())),
              cell("%.2f".formatted(run.commits())),
              cell("%.2f".formatted(run.statements())),
              cell("%,.0f".formatted(run.pages())),
              cell("%,.1f".formatted(run.pagesRead())),
              cell("%,.0f".formatted(run.walBytes())),
              cell("%,.1f".formatted(run.walRecords())),
              cell("%,.2f".formatted(run.walPages())),
              cell("%.2f".formatted(run.messages())),
              cell("%,.0f".formatted(run.messageBytes())),
              cell("%,d".formatted(run.rssMb())),
              "<td class=\"text\">" + escaped(run.detailsRow()) + "</td>"));
    }
    var yardstick = report.yardstick();
    if (yardstick != null) {
      rows.add(
          List.of(
              cell("one local transaction an order"),
              cell("%,.0f".formatted(yardstick.ordersPerSecond())),
              cell("-"),
              cell("-"),
              cell("%,.0f".formatted(yardstick.cpuMicrosPerOrder())),
              "<td colspan=\"11\"></td>"));
    }
    return table(
        List.of(
            "Run",
            "Orders/s",
            "p50 ms",
            "p99 ms",
            "CPU µs/order",
            "Commits",
            "Statements",
            "Pages",
            "Pages read",
            "WAL bytes",
            "WAL records",
            "WAL pages",
            "Messages",
            "Bytes",
            "Memory MiB",
            ""),
        rows);
  }

  private String compared() {
    return table(
        List.of("Run", "Figure", "Before", "Now", "Ratio", "Noise", ""),
        comparisons.stream()
            .map(
                comparison ->
                    List.of(
                        cell(comparison.key().title()),
                        cell(comparison.figure()),
                        cell("%,.1f".formatted(comparison.before())),
                        cell("%,.1f".formatted(comparison.now())),
                        cell("%.2f".formatted(comparison.ratio())),
                        cell("%.0f %%".formatted(comparison.limit() * 100)),
                        comparison.isRegression() ? "<td class=\"bad\">worse</td>" : "<td></td>"))
            .toList());
  }

  private String charts() {
    var closedLoops = report.results().stream().filter(run -> run.c() > 0).toList();
    var charts = new StringBuilder("<div class=\"charts\">\n");
    if (!closedLoops.isEmpty()) {
      append(
          charts,
          "Orders a second, by orders in flight",
          new LineChart(byConcurrency(closedLoops, "", RunResult::ordersPerS), false));
      var latencies = byConcurrency(closedLoops, " p50", RunResult::p50Ms);
      latencies.putAll(byConcurrency(closedLoops, " p99", RunResult::p99Ms));
      append(charts, "Latency in ms, by orders in flight", new LineChart(latencies, true));
    }
    var cpu = new LinkedHashMap<String, SequencedMap<String, Double>>();
    report.results().forEach(run -> cpu.put(run.key().title(), run.cpuUs()));
    charts
        .append("<section><h2>CPU µs of an order, by process</h2>")
        .append(new StackedBars(cpu).svg())
        .append("</section>\n");
    var percentiles = new LinkedHashMap<String, SequencedMap<String, Double>>();
    for (var run : report.results()) {
      if (!run.percentiles().isEmpty()) {
        percentiles.put(run.key().title(), run.percentiles());
      }
    }
    if (!percentiles.isEmpty()) {
      append(charts, "Latency in ms, by percentile of orders", new LineChart(percentiles, true));
    }
    return charts.append("</div>\n").toString();
  }

  private static void append(StringBuilder page, String title, LineChart chart) {
    page.append("<section><h2>")
        .append(title)
        .append("</h2>")
        .append(chart.svg())
        .append("</section>\n");
  }

  private static SequencedMap<String, SequencedMap<String, Double>> byConcurrency(
      List<RunResult> runs, String suffix, ToDoubleFunction<RunResult> figure) {
    var series = new LinkedHashMap<String, SequencedMap<String, Double>>();
    for (var run : runs) {
      series
          .computeIfAbsent(run.key().series() + suffix, _ -> new LinkedHashMap<>())
          .put(Integer.toString(run.c()), figure.applyAsDouble(run));
    }
    return series;
  }

  private static String table(List<String> head, List<List<String>> rows) {
    var table = new StringBuilder("<table><tr>");
    head.forEach(title -> table.append("<th>").append(escaped(title)).append("</th>"));
    table.append("</tr>\n");
    for (var row : rows) {
      table.append("<tr>").append(String.join("", row)).append("</tr>\n");
    }
    return table.append("</table>").toString();
  }

  private static String cell(String text) {
    return "<td>" + escaped(text) + "</td>";
  }

  /** Text as HTML shows it, also inside of attributes. */
  static String escaped(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;")
        .replace("'", "&#39;");
  }
}
