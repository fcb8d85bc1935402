package io.holdfast.payment;

import com.stripe.net.Webhook;
import io.holdfast.messaging.Json;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;

/** Plays the provider, and those who pretend to be it, to the address for notifications. */
public final class Notifier {

  /** What the sandbox signs with. */
  public static final String SECRET = "whsec_sandbox";

  private static final HttpClient CLIENT =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  private final URI address;

  public Notifier(int port) {
    this.address = URI.create("http://localhost:" + port + "/webhooks/stripe");
  }

  public static String newId() {
    return "evt_" + UUID.randomUUID();
  }

  /** An event about a PaymentIntent. */
  public static String intentEvent(
      String eventId,
      String type,
      String intent,
      long amount,
      String status,
      Map<String, String> notes) {
    return Json.text(
        Map.of(
            "id",
            eventId,
            "object",
            "event",
            "api_version",
            "2026-01-01.test",
            "created",
            Instant.now().getEpochSecond(),
            "type",
            "payment_intent." + type,
            "data",
            Map.of(
                "object",
                Map.of(
                    "id", intent,
                    "object", "payment_intent",
                    "amount", amount,
                    "currency", "eur",
                    "created", Instant.now().getEpochSecond(),
                    "metadata", notes,
                    "status", status))));
  }

  public HttpResponse<String> send(String body) {
    return send(body, SECRET, Instant.now());
  }

  public HttpResponse<String> send(String body, String secret, Instant signedAt) {
    return sendSigned(body, signature(body, secret, signedAt));
  }

  public static String signature(String body, String secret, Instant at) {
    try {
      return "t=%d,v1=%s"
          .formatted(
              at.getEpochSecond(),
              Webhook.Util.computeHmacSha256(secret, at.getEpochSecond() + "." + body));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  public HttpResponse<String> sendSigned(String body, String signature) {
    try {
      return CLIENT.send(
          HttpRequest.newBuilder(address)
              .header("Content-Type", "application/json; charset=utf-8")
              .header("Stripe-Signature", signature)
              .POST(HttpRequest.BodyPublishers.ofString(body))
              .build(),
          HttpResponse.BodyHandlers.ofString());
    } catch (IOException e) {
      throw new IllegalStateException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** Does all of it at the same time, each on a thread of its own. */
  public static <T> List<T> atOnce(List<? extends Callable<T>> actors)
      throws InterruptedException, ExecutionException {
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var running = threads.invokeAll(actors);
      var results = new java.util.ArrayList<T>();
      for (var actor : running) {
        results.add(actor.get());
      }
      return results;
    }
  }
}
