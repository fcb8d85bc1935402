package io.holdfast.benchmarks;

import java.util.List;

final class HtmlPage {
  HtmlPage(Report report, List<Baseline.Comparison> comparisons) {}

  String text() {
    return "";
  }
}
