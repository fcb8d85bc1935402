package io.holdfast.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.StringReader;
import java.util.List;
import java.util.Map;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.xml.sax.InputSource;

class HtmlPageTest {

  private static final List<RunResult> RUNS =
      List.of(RunResults.of(16, 1000, 300), RunResults.of(64, 2000, 250));

  @Test
  void textCannotBecomeMarkup() {
    var report = new Report(RUNS, Map.of("<b>", List.of("a & \"b\"")), null);

    assertThat(new HtmlPage(report, List.of()).text())
        .contains("&lt;b&gt;: a &amp; &quot;b&quot;")
        .doesNotContain("<b>");
  }

  @Test
  void needsNothingFromElsewhere() {
    var report = new Report(RUNS, Map.of(), new Monolith.Result(10_000, 90));

    assertThat(new HtmlPage(report, new Baseline(RUNS).compare(RUNS)).text())
        .contains("uniform C=64", "one local transaction", "Compared with the baseline")
        .doesNotContain("http://", "https://", "src=", "href=", "NaN", "Infinity");
  }

  @Test
  void chartsAreWellFormed() throws Exception {
    var page = new HtmlPage(new Report(RUNS, Map.of(), null), List.of()).text();

    var charts = page.split("(?=<svg)|(?<=</svg>)", -1);

    assertThat(charts).filteredOn(chart -> chart.startsWith("<svg")).hasSize(4);
    for (String chart : charts) {
      if (chart.startsWith("<svg")) {
        var document =
            DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new InputSource(new StringReader(chart)));
        assertThat(document.getElementsByTagName("text").getLength()).isPositive();
      }
    }
  }
}
