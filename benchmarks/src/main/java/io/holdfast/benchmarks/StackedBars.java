package io.holdfast.benchmarks;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.SequencedMap;

/**
 * A bar for each row, made of parts, as SVG.
 *
 * @param rows by name; each has its parts by name
 */
record StackedBars(SequencedMap<String, SequencedMap<String, Double>> rows) {

  private static final int WIDTH = 560;
  private static final int BAR = 18;
  private static final int ROW = 44;
  private static final int LEGEND_LINE = 18;
  private static final int BAR_WIDTH = 480;

  String svg() {
    var parts = new LinkedHashSet<String>();
    rows.values().forEach(row -> parts.addAll(row.sequencedKeySet()));
    var names = new ArrayList<String>(parts);
    double highest = rows.values().stream().mapToDouble(StackedBars::sum).max().orElse(1);
    int height = ROW * rows.size() + LEGEND_LINE * names.size() + 14;
    var svg =
        new StringBuilder("<svg viewBox=\"0 0 %d %d\" role=\"img\">\n".formatted(WIDTH, height));
    int y = 0;
    for (var row : rows.entrySet()) {
      svg.append(
          "<text class=\"value\" x=\"0\" y=\"%d\">%s</text>\n"
              .formatted(y + 14, HtmlPage.escaped(row.getKey())));
      double x = 0;
      for (var part : row.getValue().entrySet()) {
        double width = BAR_WIDTH * part.getValue() / highest;
        svg.append(
            "<rect x=\"%.1f\" y=\"%d\" width=\"%.1f\" height=\"%d\" fill=\"%s\"><title>%s: %s</title></rect>\n"
                .formatted(
                    x,
                    y + 20,
                    width,
                    BAR,
                    LineChart.colour(names.indexOf(part.getKey())),
                    HtmlPage.escaped(part.getKey()),
                    Scale.text(part.getValue())));
        x += width;
      }
      svg.append(
          "<text class=\"value\" x=\"%.1f\" y=\"%d\">%s</text>\n"
              .formatted(x + 6, y + 34, Scale.text(sum(row.getValue()))));
      y += ROW;
    }
    for (int i = 0; i < names.size(); i++) {
      int line = y + 22 + LEGEND_LINE * i;
      svg.append(
          "<circle cx=\"5\" cy=\"%d\" r=\"4\" fill=\"%s\"/><text class=\"value\" x=\"15\" y=\"%d\">%s</text>\n"
              .formatted(line - 4, LineChart.colour(i), line, HtmlPage.escaped(names.get(i))));
    }
    return svg.append("</svg>").toString();
  }

  private static double sum(SequencedMap<String, Double> parts) {
    return parts.values().stream().mapToDouble(Double::doubleValue).sum();
  }
}
