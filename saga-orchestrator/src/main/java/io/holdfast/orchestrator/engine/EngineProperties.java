package io.holdfast.orchestrator.engine;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Settings of the engine, prefix {@code holdfast.engine}.
 *
 * @param resendAfter when an unanswered command is sent again for the first time; doubles with each
 *     further time
 * @param resendAtMost the longest time between two sends of an unanswered command
 * @param firstTriesAtMost how many sagas may wait for the first answers to their tries before no
 *     more are begun; those that come wait in Kafka, and their deadline does not run yet
 * @param timerBatch most sagas that one timer transaction handles
 * @param historyRetention how long the history of a saga is kept
 */
@ConfigurationProperties("holdfast.engine")
public record EngineProperties(
    @DefaultValue("3s") Duration resendAfter,
    @DefaultValue("30s") Duration resendAtMost,
    @DefaultValue("1000") int firstTriesAtMost,
    @DefaultValue("200") int timerBatch,
    @DefaultValue("30d") Duration historyRetention) {

  /**
   * @throws IllegalArgumentException if a setting cannot work
   */
  public EngineProperties {
    if (!resendAfter.isPositive() || resendAtMost.compareTo(resendAfter) < 0) {
      throw new IllegalArgumentException(
          "holdfast.engine.resend-after (%s) has to be positive and at most holdfast.engine.resend-at-most (%s)"
              .formatted(resendAfter, resendAtMost));
    }
    if (firstTriesAtMost < 1) {
      throw new IllegalArgumentException(
          "holdfast.engine.first-tries-at-most has to be at least 1");
    }
    if (timerBatch < 1) {
      throw new IllegalArgumentException("holdfast.engine.timer-batch has to be at least 1");
    }
  }

  /** How long to wait for an answer to {@code attempt}. */
  Duration waitAfter(int attempt) {
    int doublings = Math.clamp(attempt - 1L, 0, 30);
    var wait = resendAfter.multipliedBy(1L << doublings);
    return wait.compareTo(resendAtMost) < 0 ? wait : resendAtMost;
  }
}
