package io.holdfast.participant;

import io.holdfast.contracts.ParticipantContract;
import java.time.Duration;
import java.util.Map;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Settings of participants, prefix {@code holdfast.participant}.
 *
 * @param holdFor by participant: how long a reservation waits before it asks for the outcome,
 *     instead of what the contract says
 * @param askAgainAfter how long the first question waits for an answer; each further one waits
 *     twice as long
 * @param askAgainAtMost the longest wait between two questions
 */
@ConfigurationProperties("holdfast.participant")
public record ParticipantProperties(
    @DefaultValue Map<String, Duration> holdFor,
    @DefaultValue("10s") Duration askAgainAfter,
    @DefaultValue("5m") Duration askAgainAtMost) {

  public ParticipantProperties {
    holdFor = Map.copyOf(holdFor);
  }

  Duration holdFor(ParticipantContract<?> contract) {
    return holdFor.getOrDefault(contract.name(), contract.holdFor());
  }
}
