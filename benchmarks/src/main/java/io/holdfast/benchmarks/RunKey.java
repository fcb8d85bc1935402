package io.holdfast.benchmarks;

/**
 * What makes two runs comparable.
 *
 * @param mode how the services run
 * @param stored finished orders in the tables beforehand
 * @param backlog orders that were waiting when the services started; 0 for a load
 * @param c orders in flight of a closed loop, else 0
 * @param rate orders a second of an open loop, else 0
 */
record RunKey(String variant, String mode, long stored, int backlog, int c, double rate) {

  /** The same with a closed loop. */
  RunKey inFlight(int orders) {
    return new RunKey(variant, mode, stored, backlog, orders, 0);
  }

  /** The same with an open loop. */
  RunKey atRate(double perSecond) {
    return new RunKey(variant, mode, stored, backlog, 0, perSecond);
  }

  /** For people: what differs from the usual. */
  String title() {
    var title = new StringBuilder(series());
    if (c > 0) {
      title.append(" C=").append(c);
    }
    if (rate > 0) {
      title.append(" %.0f/s".formatted(rate));
    }
    return title.toString();
  }

  /** The title of this and of all that differ in load only. */
  String series() {
    var title = new StringBuilder(variant);
    if (!mode.equals(BenchSettings.ONE_JVM)) {
      title.append(", ").append(mode);
    }
    if (stored > 0) {
      title.append(", %,d stored".formatted(stored));
    }
    if (backlog > 0) {
      title.append(", %,d waiting".formatted(backlog));
    }
    return title.toString();
  }
}
