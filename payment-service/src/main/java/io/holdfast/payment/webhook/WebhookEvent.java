package io.holdfast.payment.webhook;

import com.stripe.exception.EventDataObjectDeserializationException;
import com.stripe.model.Event;
import com.stripe.net.Webhook;
import io.holdfast.messaging.InvalidMessage;
import io.holdfast.messaging.Json;
import io.holdfast.payment.provider.ProviderRecord;
import io.holdfast.payment.stripe.StripeRecords;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One notification of the provider.
 *
 * @param id the provider's; the same each time it is sent
 * @param type such as {@code payment_intent.succeeded}
 * @param payload the body as it came
 * @param occurredAt by the provider's clock
 */
record WebhookEvent(String id, String type, String payload, Instant occurredAt) {

  private static final Logger log = LoggerFactory.getLogger(WebhookEvent.class);
  private static final int LONGEST_NAME = 255;

  record Head(@Nullable String id, @Nullable String type, long created) {}

  /** Empty if the body is no notification. */
  static Optional<WebhookEvent> parsed(String payload) {
    try {
      var head = Json.read(payload, Head.class);
      String id = head.id();
      String type = head.type();
      return isName(id) && isName(type)
          ? Optional.of(
              new WebhookEvent(
                  String.valueOf(id),
                  String.valueOf(type),
                  payload,
                  Instant.ofEpochSecond(Math.clamp(head.created(), 0, Integer.MAX_VALUE))))
          : Optional.empty();
    } catch (InvalidMessage e) {
      return Optional.empty();
    }
  }

  private static boolean isName(@Nullable String text) {
    return text != null
        && !text.isBlank()
        && text.length() <= LONGEST_NAME
        && text.indexOf('\0') < 0;
  }

  /** The movement of money that it is about; empty if it is about something else. */
  Optional<ProviderRecord> about() {
    try {
      return recordIn(Webhook.constructEventWithoutVerification(payload));
    } catch (RuntimeException e) {
      // The library has no exception of its own for an object that is not of the form that it
      // expects.
      log.warn("notification {} ({}) cannot be read", id, type, e);
      return Optional.empty();
    }
  }

  private static Optional<ProviderRecord> recordIn(Event event) {
    if (event.getData() == null) {
      return Optional.empty();
    }
    try {
      // The provider's interface may be newer than the library: what we read of it is the same.
      return StripeRecords.of(event.getDataObjectDeserializer().deserializeUnsafe());
    } catch (EventDataObjectDeserializationException e) {
      log.warn("notification {} is about an object that cannot be read", event.getId(), e);
      return Optional.empty();
    }
  }
}
