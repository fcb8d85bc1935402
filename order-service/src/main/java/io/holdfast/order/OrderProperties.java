package io.holdfast.order;

import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Duration;
import java.util.Map;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * Settings of the order service, prefix {@code holdfast.order}.
 *
 * @param placement how orders are stored
 * @param resend when the start of a saga is sent again that nobody has answered
 * @param follow how clients are told of progress
 * @param approval which orders a reviewer has to approve
 * @param fulfilment whether confirmed orders are sent
 */
@Validated
@ConfigurationProperties("holdfast.order")
record OrderProperties(
    @Valid @DefaultValue Placement placement,
    @Valid @DefaultValue Resend resend,
    @Valid @DefaultValue Follow follow,
    @Valid @DefaultValue Approval approval,
    @Valid @DefaultValue Fulfilment fulfilment) {

  /**
   * @param writers threads that store orders, each in its own transactions
   * @param maxBatch most orders in one transaction
   * @param queueCapacity most requests that wait to be stored; more are turned away
   * @param timeout how long a request waits to be stored before its client is told to ask again
   */
  record Placement(
      @DefaultValue("2") @Min(1) @Max(4) int writers,
      @DefaultValue("500") @Min(1) @Max(2000) int maxBatch,
      @DefaultValue("5000") @Min(1) int queueCapacity,
      @DefaultValue("10s") @DurationMin(millis = 1) Duration timeout) {}

  /**
   * @param firstAfter pause after placement; doubles with every further one
   * @param longestPause where doubling ends
   * @param longestPauseAwaiting where it ends while a reviewer is waited for
   * @param maxBatch most orders in one transaction
   */
  record Resend(
      @DefaultValue("30s") @DurationMin(millis = 100) Duration firstAfter,
      @DefaultValue("5m") @DurationMin(millis = 100) Duration longestPause,
      @DefaultValue("30m") @DurationMin(millis = 100) Duration longestPauseAwaiting,
      @DefaultValue("200") @Min(1) @Max(1000) int maxBatch) {}

  /**
   * @param longestWait most that {@code Prefer: wait} gets
   * @param readEvery how often orders that somebody waits for are read again, in case another
   *     instance changed them
   * @param heartbeat pause after which a silent event stream gets a comment
   * @param longestStream how long an event stream stays open; its client continues with another
   * @param maxStreams most event streams at a time
   * @param maxWaiting most requests and streams that wait at a time
   */
  record Follow(
      @DefaultValue("30s") @DurationMin Duration longestWait,
      @DefaultValue("500ms") @DurationMin(millis = 10) Duration readEvery,
      @DefaultValue("15s") @DurationMin(millis = 100) Duration heartbeat,
      @DefaultValue("10m") @DurationMin(seconds = 1) Duration longestStream,
      @DefaultValue("1000") @Min(1) int maxStreams,
      @DefaultValue("10000") @Min(1) int maxWaiting) {}

  /**
   * @param aboveMinor by currency, the largest total that needs no approval, in minor units; orders
   *     in other currencies never need any
   */
  record Approval(@DefaultValue Map<String, @Min(0) Long> aboveMinor) {

    ApprovalRule rule() {
      return new ApprovalRule(aboveMinor);
    }
  }

  /**
   * @param enabled whether a saga sends the goods of every order that is confirmed
   */
  record Fulfilment(@DefaultValue("false") boolean enabled) {}
}
