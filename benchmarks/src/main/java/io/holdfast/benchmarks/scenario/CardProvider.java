package io.holdfast.benchmarks.scenario;

import io.holdfast.quickstart.HttpJson.Answer;
import io.holdfast.quickstart.Service;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The sandbox provider as it is told to misbehave, and a forger who pretends to be it. */
final class CardProvider {

  private static final Duration LOOK_EVERY = Duration.ofMillis(500);
  private static final int QUIET_LOOKS = 5;
  private static final String NO_SIGNATURE = "0".repeat(64);
  private static final int REFUSED = 400;

  private final Client client;
  private final Journal journal;

  CardProvider(Client client, Journal journal) {
    this.client = client;
    this.journal = journal;
  }

  /**
   * How it notifies.
   *
   * @param sends {@code NOTHING}, {@code TRANSFERS} or {@code ALL}
   * @param copies how often each event is sent
   * @param shuffled whether events overtake each other
   * @param forged whether each is joined by one with a forged signature
   */
  record Manners(String sends, int delayMillis, int copies, boolean shuffled, boolean forged) {

    static Manners worst(int copies) {
      return new Manners("ALL", 100, copies, true, true);
    }
  }

  /** One event with what became of its deliveries. */
  record Event(String id, String type, long deliveries, long forged, long accepted) {}

  private record Notices(Manners settings, List<Event> events) {}

  private Notices notices() {
    return client.get(Service.PAYMENT_SERVICE, "/sandbox/webhooks", Notices.class);
  }

  Manners manners() {
    return notices().settings();
  }

  void behave(Manners manners) {
    client.put(Service.PAYMENT_SERVICE, "/sandbox/webhooks", manners);
  }

  private record Redelivery(
      int copies, boolean forged, int ageSeconds, @Nullable Long amountMinor) {}

  /** Has an event sent again as it was. */
  void repeat(Event event, int copies) {
    deliver(event, new Redelivery(copies, false, 0, null));
  }

  /** Has an event sent again as if it had been recorded long ago. */
  void replay(Event event, Duration age) {
    deliver(event, new Redelivery(1, false, (int) age.toSeconds(), null));
  }

  /** Has it say, under its own signature, another amount than the right one. */
  void mistake(Event event, long amountMinor) {
    deliver(event, new Redelivery(1, false, 0, amountMinor));
  }

  private void deliver(Event event, Redelivery how) {
    var answer =
        client.post(
            Service.PAYMENT_SERVICE, "/sandbox/webhooks/%s/deliveries".formatted(event.id()), how);
    journal.answered();
    if (answer.status() >= 300) {
      journal.unexpected("delivery: " + answer);
    }
  }

  /** Says, as somebody who is not the provider, that a top-up has brought in a fortune. */
  void forge(UUID topUp, long amountMinor) {
    var intent =
        Map.of(
            "id",
            "pi_forged",
            "object",
            "payment_intent",
            "status",
            "succeeded",
            "amount",
            amountMinor,
            "amount_received",
            amountMinor,
            "currency",
            "eur",
            "metadata",
            Map.of("top_up_id", topUp));
    var event =
        Map.of(
            "id",
            "evt_forged" + UUID.randomUUID(),
            "object",
            "event",
            "type",
            "payment_intent.succeeded",
            "created",
            Instant.now().getEpochSecond(),
            "data",
            Map.of("object", intent));
    journal.forged();
    var answer =
        client.post(
            Service.PAYMENT_SERVICE,
            "/webhooks/stripe",
            event,
            "Stripe-Signature",
            "t=%d,v1=%s".formatted(Instant.now().getEpochSecond(), NO_SIGNATURE));
    if (!isRefusedForItsSignature(answer)) {
      journal.forgedAccepted("forged by hand: %d %s".formatted(answer.status(), answer.body()));
    }
  }

  private static boolean isRefusedForItsSignature(Answer answer) {
    return answer.status() == REFUSED
        && answer.body().path("code").asString("").equals("INVALID_SIGNATURE");
  }

  /** Of the newest events, that no more deliveries were accepted than were genuine. */
  List<Event> checkNewest() {
    var events = notices().events();
    for (var event : events) {
      journal.notified(event.id());
      if (event.accepted() > event.deliveries() - event.forged()) {
        journal.forgedAccepted("of the provider's events: " + event);
      }
    }
    return events;
  }

  /** What the payment service has counted since it was started. */
  SequencedMap<String, Long> counts() {
    var counts = new LinkedHashMap<String, Long>();
    counts.put("notifications taken", count("payment.webhook.received", "duplicate:false"));
    counts.put("notifications repeated", count("payment.webhook.received", "duplicate:true"));
    counts.put(
        "notifications refused: signature forged or too old",
        count("payment.webhook.rejected", "reason:signature"));
    counts.put(
        "notifications refused: another amount",
        count("payment.webhook.handled", "outcome:refused"));
    counts.put("notifications applied", count("payment.webhook.handled", "outcome:applied"));
    counts.put("notifications stale", count("payment.webhook.handled", "outcome:stale"));
    return counts;
  }

  /** A meter that nothing has moved does not exist. */
  private long count(String meter, String tag) {
    var answer =
        client.tryGet(Service.PAYMENT_SERVICE, "/actuator/metrics/%s?tag=%s".formatted(meter, tag));
    return answer.body().path("measurements").path(0).path("value").asLong(0);
  }

  /** Waits until nothing is delivered any more. */
  void awaitQuiet(Duration limit) throws InterruptedException {
    long end = System.nanoTime() + limit.toNanos();
    var before = counts();
    for (int quiet = 0; quiet < QUIET_LOOKS && Stage.isBefore(end); ) {
      Thread.sleep(LOOK_EVERY);
      var now = counts();
      quiet = now.equals(before) ? quiet + 1 : 0;
      before = now;
    }
  }
}
