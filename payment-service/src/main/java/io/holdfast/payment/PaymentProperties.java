package io.holdfast.payment;

import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Positive;
import java.time.Duration;
import java.time.LocalTime;
import java.util.List;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * Settings of the payment service, prefix {@code holdfast.payment}.
 *
 * @param apiBase where the provider's API is; Stripe's is {@code https://api.stripe.com}
 * @param apiKey the secret key for it; never written to a log
 * @param connectTimeout limit for a connection to the provider
 * @param answerTimeout limit for a request and its whole answer
 * @param lease how long a worker has a payment for itself; longer than a call can take
 * @param parallelCalls most calls to the provider at the same time
 * @param firstRetryAfter pause after an unknown outcome; it doubles with each further one
 * @param lastRetryAfter the longest such pause
 * @param absenceCertainAfter how long after it was last sent an authorisation that the provider
 *     does not know can be taken as never made; longer than the provider may take to handle a
 *     request whose sender has gone
 * @param pendingPollAfter pause after the provider has said that it is at work; it doubles each
 *     time
 * @param webhook notifications by the provider
 * @param reconciliation comparison with the provider's books
 * @param sandbox the provider that this service can be for itself
 */
@Validated
@ConfigurationProperties("holdfast.payment")
public record PaymentProperties(
    @NotBlank String apiBase,
    @NotBlank String apiKey,
    @DefaultValue("2s") @DurationMin(millis = 1) Duration connectTimeout,
    @DefaultValue("10s") @DurationMin(millis = 1) Duration answerTimeout,
    @DefaultValue("30s") @DurationMin(millis = 1) Duration lease,
    @DefaultValue("32") @Positive int parallelCalls,
    @DefaultValue("200ms") @DurationMin(millis = 1) Duration firstRetryAfter,
    @DefaultValue("30s") @DurationMin(millis = 1) Duration lastRetryAfter,
    @DefaultValue("2m") @DurationMin(millis = 1) Duration absenceCertainAfter,
    @DefaultValue("1s") @DurationMin(millis = 1) Duration pendingPollAfter,
    @DefaultValue Webhook webhook,
    @DefaultValue Reconciliation reconciliation,
    @DefaultValue Sandbox sandbox) {

  /** What the sandbox signs with, as payment-service.yaml has it. */
  private static final String SANDBOX_SECRET = "whsec_sandbox";

  /**
   * Notifications by the provider.
   *
   * @param secrets with any of which they may be signed, several while they are changed; none:
   *     notifications are refused
   * @param tolerance how old a signature may be
   * @param keptFor how long a notification is remembered; longer than the provider repeats it
   */
  public record Webhook(
      @DefaultValue List<String> secrets,
      @DefaultValue("300s") @DurationMin(seconds = 1) Duration tolerance,
      @DefaultValue("30d") @DurationMin(days = 4) Duration keptFor) {

    public Webhook {
      secrets = List.copyOf(secrets);
    }

    @Override
    public String toString() {
      return "Webhook[%d secrets, tolerance=%s]".formatted(secrets.size(), tolerance);
    }
  }

  /**
   * Comparison with the provider's books.
   *
   * @param daily whether each day is compared when it is over
   * @param at when, in UTC
   */
  public record Reconciliation(
      @DefaultValue("true") boolean daily, @DefaultValue("03:00") LocalTime at) {}

  /**
   * The built-in provider for trying things out.
   *
   * @param enabled whether it is served under {@code /sandbox}
   */
  public record Sandbox(@DefaultValue("false") boolean enabled) {}

  /**
   * @throws IllegalArgumentException if the settings contradict each other
   */
  public PaymentProperties {
    var call = connectTimeout.plus(answerTimeout);
    if (lease.compareTo(call) <= 0) {
      throw new IllegalArgumentException(
          "holdfast.payment.lease is %s, but a call can take %s (connect-timeout + answer-timeout): raise it above that"
              .formatted(lease, call));
    }
    if (absenceCertainAfter.compareTo(answerTimeout) <= 0) {
      throw new IllegalArgumentException(
          "holdfast.payment.absence-certain-after is %s, not longer than answer-timeout %s: a slow payment would be taken as never made; raise it above that"
              .formatted(absenceCertainAfter, answerTimeout));
    }
    if (!sandbox.enabled() && webhook.secrets().contains(SANDBOX_SECRET)) {
      throw new IllegalArgumentException(
          "holdfast.payment.webhook.secrets has %s, which everybody knows, but holdfast.payment.sandbox.enabled is false: set the provider's secrets, or none"
              .formatted(SANDBOX_SECRET));
    }
    if (sandbox.enabled() && apiKey.contains("_live_")) {
      throw new IllegalArgumentException(
          "holdfast.payment.api-key is a live key, but holdfast.payment.sandbox.enabled is true: switch the sandbox off");
    }
  }

  @Override
  public String toString() {
    return "PaymentProperties[apiBase=%s, sandbox=%s]".formatted(apiBase, sandbox);
  }
}
