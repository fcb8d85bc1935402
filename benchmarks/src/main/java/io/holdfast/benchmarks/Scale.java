package io.holdfast.benchmarks;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * An axis.
 *
 * @param ticks round values from its lower to its upper end
 */
record Scale(List<Double> ticks, boolean isLogarithmic) {

  private static final int TICKS = 5;
  private static final double[] ROUND = {1, 2, 5, 10};

  /** One that has room for all {@code values}; a linear one begins at 0. */
  static Scale of(Collection<Double> values, boolean isLogarithmic) {
    double highest = values.stream().mapToDouble(Double::doubleValue).max().orElse(1);
    double lowest = values.stream().mapToDouble(Double::doubleValue).min().orElse(1);
    return isLogarithmic
        ? logarithmic(Math.max(lowest, 0.001), Math.max(highest, 0.001))
        : linear(highest);
  }

  private static Scale linear(double highest) {
    double step = roundUp(Math.max(highest, 1e-9) / TICKS);
    var ticks = new ArrayList<Double>();
    for (int i = 0; i < 2 || ticks.getLast() < highest; i++) {
      ticks.add(i * step);
    }
    return new Scale(ticks, false);
  }

  private static Scale logarithmic(double lowest, double highest) {
    var ticks = new ArrayList<Double>();
    for (double power = Math.pow(10, Math.floor(Math.log10(lowest))); ; power *= 10) {
      for (double round : List.of(1.0, 2.0, 5.0)) {
        double tick = power * round;
        if (tick <= lowest) {
          ticks.clear();
        }
        ticks.add(tick);
        if (tick >= highest && ticks.size() > 1) {
          return new Scale(ticks, true);
        }
      }
    }
  }

  private static double roundUp(double value) {
    double power = Math.pow(10, Math.floor(Math.log10(value)));
    for (double round : ROUND) {
      if (round * power >= value) {
        return round * power;
      }
    }
    return 10 * power;
  }

  /** Where a value lies: 0 at the lower end, 1 at the upper. */
  double part(double value) {
    if (!isLogarithmic) {
      return value / ticks.getLast();
    }
    double low = Math.log(ticks.getFirst());
    return (Math.log(Math.max(value, ticks.getFirst())) - low) / (Math.log(ticks.getLast()) - low);
  }

  /** A value as people read it. */
  static String text(double value) {
    return value >= 100
        ? "%,.0f".formatted(value)
        : value >= 10 ? strip("%.1f".formatted(value)) : strip("%.2f".formatted(value));
  }

  private static String strip(String number) {
    return number.replaceAll("\\.?0+$", "");
  }
}
