package io.holdfast.benchmarks;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.SequencedMap;

/**
 * Lines over named positions, as SVG.
 *
 * @param series by name; values by position, in the order of the positions
 * @param isLogarithmic whether equal distances are equal ratios; values are above 0 then
 */
record LineChart(SequencedMap<String, SequencedMap<String, Double>> series, boolean isLogarithmic) {

  private static final int WIDTH = 560;
  private static final int PLOT_HEIGHT = 220;
  private static final int LEFT = 56;
  private static final int RIGHT = 20;
  private static final int TOP = 14;
  private static final int LEGEND_LINE = 18;
  private static final int LABELS_UP_TO = 2;

  String svg() {
    var positions = positions();
    var scale = Scale.of(values(), isLogarithmic);
    int height = TOP + PLOT_HEIGHT + 30 + LEGEND_LINE * series.size();
    var svg =
        new StringBuilder("<svg viewBox=\"0 0 %d %d\" role=\"img\">\n".formatted(WIDTH, height));
    for (double tick : scale.ticks()) {
      double y = y(scale, tick);
      svg.append(
          "<line class=\"grid\" x1=\"%d\" x2=\"%d\" y1=\"%.1f\" y2=\"%.1f\"/><text x=\"%d\" y=\"%.1f\" text-anchor=\"end\">%s</text>\n"
              .formatted(LEFT, WIDTH - RIGHT, y, y, LEFT - 6, y + 4, Scale.text(tick)));
    }
    for (int i = 0; i < positions.size(); i++) {
      svg.append(
          "<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%s</text>\n"
              .formatted(
                  x(i, positions.size()),
                  TOP + PLOT_HEIGHT + 18,
                  HtmlPage.escaped(positions.get(i))));
    }
    int number = 0;
    for (var one : series.entrySet()) {
      line(svg, one.getValue(), positions, scale, number);
      legend(svg, one.getKey(), number);
      number++;
    }
    return svg.append("</svg>").toString();
  }

  private void line(
      StringBuilder svg,
      SequencedMap<String, Double> values,
      List<String> positions,
      Scale scale,
      int number) {
    var points = new StringBuilder();
    var marks = new StringBuilder();
    values.forEach(
        (position, value) -> {
          double x = x(positions.indexOf(position), positions.size());
          double y = y(scale, value);
          points.append("%.1f,%.1f ".formatted(x, y));
          marks.append(
              "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"3.5\" fill=\"%s\"/>"
                  .formatted(x, y, colour(number)));
          if (series.size() <= LABELS_UP_TO) {
            marks.append(
                "<text class=\"value\" x=\"%.1f\" y=\"%.1f\" text-anchor=\"middle\">%s</text>\n"
                    .formatted(x, y - 8, Scale.text(value)));
          }
        });
    svg.append(
            "<polyline fill=\"none\" stroke=\"%s\" stroke-width=\"2\" points=\"%s\"/>\n"
                .formatted(colour(number), points))
        .append(marks);
  }

  private static void legend(StringBuilder svg, String name, int number) {
    int y = TOP + PLOT_HEIGHT + 42 + LEGEND_LINE * number;
    svg.append(
        "<circle cx=\"%d\" cy=\"%d\" r=\"4\" fill=\"%s\"/><text class=\"value\" x=\"%d\" y=\"%d\">%s</text>\n"
            .formatted(LEFT, y - 4, colour(number), LEFT + 10, y, HtmlPage.escaped(name)));
  }

  /** The page defines eight colours, for light and for dark. */
  static String colour(int number) {
    return "var(--c%d)".formatted(number % 8);
  }

  private List<String> positions() {
    var positions = new LinkedHashSet<String>();
    series.values().forEach(values -> positions.addAll(values.sequencedKeySet()));
    return new ArrayList<>(positions);
  }

  private Collection<Double> values() {
    return series.values().stream().flatMap(values -> values.values().stream()).toList();
  }

  private static double x(int position, int positions) {
    double width = WIDTH - LEFT - RIGHT;
    return LEFT + width * (position + 0.5) / positions;
  }

  private static double y(Scale scale, double value) {
    return TOP + PLOT_HEIGHT * (1 - scale.part(value));
  }
}
