package io.holdfast.benchmarks;

import java.util.Collection;

/** How far measurements of the same thing lie apart. */
final class Spread {

  private Spread() {}

  /** Standard deviation of the sample as a part of the mean; 0 of less than two values. */
  static double relative(Collection<Double> values) {
    double mean = values.stream().mapToDouble(Double::doubleValue).average().orElse(0);
    if (values.size() < 2 || mean == 0) {
      return 0;
    }
    double squares = values.stream().mapToDouble(value -> (value - mean) * (value - mean)).sum();
    return Math.sqrt(squares / (values.size() - 1)) / mean;
  }
}
