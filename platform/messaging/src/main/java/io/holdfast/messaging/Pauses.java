package io.holdfast.messaging;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/**
 * How long to wait after a failed attempt: doubling with each, and spread, so that whoever comes
 * back does not come back to a herd.
 *
 * @param first the longest after the first
 * @param last the longest of all
 */
public record Pauses(Duration first, Duration last) {

  private static final int LARGEST_EXPONENT = 30;

  /**
   * @param attempts that have failed, from 1
   */
  public Duration after(int attempts) {
    int exponent = Math.clamp(attempts - 1, 0, LARGEST_EXPONENT);
    double longest = (double) first.toMillis() * Math.pow(2, exponent);
    double limit = Math.min(longest, (double) last.toMillis());
    return Duration.ofMillis((long) (limit * ThreadLocalRandom.current().nextDouble(0.5, 1)));
  }
}
