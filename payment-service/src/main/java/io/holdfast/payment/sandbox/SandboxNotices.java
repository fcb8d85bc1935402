package io.holdfast.payment.sandbox;

import com.stripe.net.Webhook;
import io.holdfast.messaging.Json;
import io.holdfast.messaging.UuidV7;
import io.holdfast.payment.sandbox.SandboxNoticeStore.Delivery;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.security.GeneralSecurityException;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * The pretended provider's notifications: an event in the transaction of each change, delivered
 * afterwards with the faults that were asked for.
 */
final class SandboxNotices implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(SandboxNotices.class);
  private static final Duration ANSWER_LIMIT = Duration.ofSeconds(5);
  private static final Duration LEASE = Duration.ofSeconds(10);
  private static final Duration FIRST_RETRY_AFTER = Duration.ofMillis(500);
  private static final Duration SHUFFLED_OVER = Duration.ofMillis(500);
  private static final int MAX_ATTEMPTS = 10;
  private static final int AT_ONCE = 32;
  private static final String FORGERS_SECRET = "whsec_forged";

  /** Of what the sandbox notifies. */
  enum Sends {
    NOTHING,
    /** Of refunds, payouts and top-ups, but not of what a saga does at every order. */
    TRANSFERS,
    ALL
  }

  /**
   * How the sandbox notifies from now on, until it is told otherwise or started again.
   *
   * @param delayMillis how much later than the change
   * @param copies how often each event is sent
   * @param shuffled whether events overtake each other
   * @param forged whether each is joined by a forged one
   */
  record Settings(Sends sends, int delayMillis, int copies, boolean shuffled, boolean forged) {
    static final Settings DEFAULT = new Settings(Sends.TRANSFERS, 0, 1, false, false);
  }

  private final SandboxNoticeStore store;
  private final Clock clock;
  private final String secret;
  private final AtomicReference<Settings> settings = new AtomicReference<>(Settings.DEFAULT);
  private final AtomicReference<@Nullable String> url = new AtomicReference<>();
  private final AtomicReference<Runnable> wakeUp = new AtomicReference<>(() -> {});
  private final HttpClient client =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(ANSWER_LIMIT)
          .build();
  private final ExecutorService calls =
      Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("sandbox-", 0).factory());

  /**
   * @param secret with which notifications are signed
   */
  SandboxNotices(SandboxNoticeStore store, Clock clock, String secret) {
    this.store = store;
    this.clock = clock;
    this.secret = secret;
  }

  Settings settings() {
    return settings.get();
  }

  void change(Settings newSettings) {
    settings.set(newSettings);
  }

  /** What to do when something is to be delivered. */
  void onDue(Runnable newWakeUp) {
    wakeUp.set(newWakeUp);
  }

  /** Where notifications go; before it is known, they wait. */
  void deliverTo(String newUrl) {
    url.set(newUrl);
  }

  /** Call it in the transaction of the change. */
  void announce(SandboxIntent intent) {
    if (settings.get().sends() == Sends.ALL
        || (settings.get().sends() == Sends.TRANSFERS && intent.automatic())) {
      announce(intent.eventType(), intent.toWire(false));
    }
  }

  /** Call it in the transaction of the change. */
  void announce(SandboxTransfer transfer) {
    if (settings.get().sends() != Sends.NOTHING) {
      announce(transfer.eventType(), transfer.toWire());
    }
  }

  private void announce(String type, Map<String, Object> object) {
    var now = clock.instant();
    var event = new LinkedHashMap<String, Object>();
    String id = "evt_" + UuidV7.next().toString().replace("-", "");
    event.put("id", id);
    event.put("object", "event");
    event.put("api_version", "2026-01-01.sandbox");
    event.put("created", now.getEpochSecond());
    event.put("data", Map.of("object", object));
    event.put("livemode", false);
    event.put("pending_webhooks", 1);
    event.put("type", type);
    String payload = Json.text(event);
    store.insertEvent(id, type, now, payload);
    var how = settings.get();
    for (int copy = 0; copy < how.copies(); copy++) {
      store.insertDelivery(id, payload, false, 0, now.plus(delay(how)));
    }
    if (how.forged()) {
      store.insertDelivery(id, forged(payload, object), true, 0, now.plus(delay(how)));
    }
    TransactionSynchronizationManager.registerSynchronization(
        new TransactionSynchronization() {
          @Override
          public void afterCommit() {
            wakeUp.get().run();
          }
        });
  }

  private static Duration delay(Settings how) {
    var delay = Duration.ofMillis(how.delayMillis());
    return how.shuffled()
        ? delay.plusMillis(ThreadLocalRandom.current().nextLong(SHUFFLED_OVER.toMillis()))
        : delay;
  }

  /** As a forger would have it: more money, under an id that was never used. */
  private static String forged(String payload, Map<String, Object> object) {
    return payload
        .replace("\"amount\":" + object.get("amount"), "\"amount\":" + object.get("amount") + "0")
        .replaceFirst("evt_", "evt_f");
  }

  /**
   * Asks for more deliveries of an event that there is.
   *
   * @param forged whether signed with a secret that is not the provider's
   * @param ageSeconds how old the signature pretends to be
   * @param amountMinor another amount than the right one; null for the right one
   * @return false if there is no such event
   */
  boolean deliverAgain(
      String eventId, int copies, boolean forged, int ageSeconds, @Nullable Long amountMinor) {
    var payload = store.payload(eventId);
    payload.ifPresent(
        known -> {
          String body =
              amountMinor == null
                  ? known
                  : known
                      .replaceFirst("\"amount\":[0-9]+", "\"amount\":" + amountMinor)
                      .replaceFirst(eventId, "evt_" + UuidV7.next().toString().replace("-", ""));
          for (int copy = 0; copy < copies; copy++) {
            store.insertDelivery(eventId, body, forged, ageSeconds, clock.instant());
          }
        });
    wakeUp.get().run();
    return payload.isPresent();
  }

  /** Sends what is due, all at the same time. */
  void deliverDue() {
    String target = url.get();
    if (target != null) {
      store
          .claim(clock.instant(), clock.instant().plus(LEASE), AT_ONCE)
          .forEach(delivery -> calls.execute(() -> deliver(delivery, target)));
    }
  }

  private void deliver(Delivery delivery, String target) {
    int status = status(delivery, target);
    boolean again =
        status / 100 != 2
            && !delivery.forged()
            && delivery.ageSeconds() == 0
            && delivery.attempts() < MAX_ATTEMPTS;
    var pause = FIRST_RETRY_AFTER.multipliedBy(1L << Math.min(delivery.attempts(), MAX_ATTEMPTS));
    store.record(
        delivery,
        status,
        clock.instant(),
        again ? Optional.of(clock.instant().plus(pause)) : Optional.empty());
  }

  private int status(Delivery delivery, String target) {
    try {
      return client
          .send(request(delivery, target), HttpResponse.BodyHandlers.discarding())
          .statusCode();
    } catch (IOException e) {
      log.debug("notification {} does not arrive", delivery.eventId(), e);
      return 0;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return 0;
    }
  }

  private HttpRequest request(Delivery delivery, String target) {
    long timestamp = clock.instant().getEpochSecond() - delivery.ageSeconds();
    String key = delivery.forged() ? FORGERS_SECRET : secret;
    return HttpRequest.newBuilder(URI.create(target))
        .timeout(ANSWER_LIMIT)
        .header("Content-Type", "application/json; charset=utf-8")
        .header(
            "Stripe-Signature",
            "t=%d,v1=%s".formatted(timestamp, hmac(key, timestamp + "." + delivery.payload())))
        .POST(HttpRequest.BodyPublishers.ofString(delivery.payload()))
        .build();
  }

  private static String hmac(String key, String message) {
    try {
      return Webhook.Util.computeHmacSha256(key, message);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this JVM cannot sign", e);
    }
  }

  /** The newest events with what became of them, for people. */
  List<SandboxNoticeStore.Event> newest() {
    return store.newest();
  }

  @Override
  public void close() {
    calls.shutdownNow();
    try {
      if (!calls.awaitTermination(1, TimeUnit.SECONDS)) {
        log.debug("deliveries are still under way");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    client.shutdownNow();
  }
}
