package io.holdfast.payment.sandbox;

import io.holdfast.messaging.UuidV7;
import io.holdfast.payment.sandbox.SandboxIntent.Status;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What the pretended provider does. The token of the card says how it behaves:
 *
 * <ul>
 *   <li>{@code pm_card_chargeDeclined} is declined when it is authorised;
 *   <li>{@code pm_card_captureDeclined} is authorised, and declined when it is captured;
 *   <li>{@code pm_card_slow} is authorised after 3 seconds;
 *   <li>{@code pm_card_lostAnswer} does each thing, but drops the connection before it says so;
 *   <li>every other {@code pm_card_...}, such as {@code pm_card_visa}, is good.
 * </ul>
 */
final class Sandbox {

  static final int LONGEST_LIST = 100;

  private static final String CHARGE_DECLINED = "pm_card_chargeDeclined";
  private static final String CAPTURE_DECLINED = "pm_card_captureDeclined";
  private static final String SLOW = "pm_card_slow";
  private static final String LOST_ANSWER = "pm_card_lostAnswer";
  private static final Duration SLOWNESS = Duration.ofSeconds(3);
  private static final String INVALID = "invalid_request_error";

  private final SandboxStore store;
  private final Clock clock;
  private final Set<String> inProgress = ConcurrentHashMap.newKeySet();

  Sandbox(SandboxStore store, Clock clock) {
    this.store = store;
    this.clock = clock;
  }

  /**
   * What goes back to the caller.
   *
   * @param replayed whether it was said before, to the same idempotency key
   * @param lost whether it does not reach the caller
   */
  record Outcome(SandboxReply reply, boolean replayed, boolean lost) {}

  Outcome create(@Nullable String key, Map<String, String> form) {
    var problem = problemWith(form);
    if (problem.isPresent()) {
      return new Outcome(problem.get(), false, false);
    }
    String card = form.getOrDefault("payment_method", "");
    return once(
        key,
        "create " + new TreeMap<>(form),
        () -> card.equals(SLOW) ? SLOWNESS : Duration.ZERO,
        () -> created(form, card),
        card.equals(LOST_ANSWER));
  }

  private SandboxReply created(Map<String, String> form, String card) {
    boolean declined = card.equals(CHARGE_DECLINED);
    var intent =
        new SandboxIntent(
            "pi_" + UuidV7.next().toString().replace("-", ""),
            clock.instant(),
            Long.parseLong(form.getOrDefault("amount", "")),
            form.getOrDefault("currency", ""),
            card,
            declined ? Status.REQUIRES_PAYMENT_METHOD : Status.REQUIRES_CAPTURE,
            metadata(form));
    store.insert(intent);
    return declined
        ? SandboxReply.declined(intent)
        : SandboxReply.ok(intent.toWire(wantsCharge(form)));
  }

  private static Optional<SandboxReply> problemWith(Map<String, String> form) {
    if (!form.getOrDefault("amount", "").matches("[1-9][0-9]{0,7}")) {
      return invalid("parameter_invalid_integer", "amount: a whole number from 1 to 99999999");
    }
    if (!form.getOrDefault("currency", "").matches("[a-z]{3}")) {
      return invalid("parameter_invalid_string", "currency: three lower-case letters");
    }
    if (!form.getOrDefault("payment_method", "").startsWith("pm_card_")) {
      return invalid(
          "resource_missing", "No such PaymentMethod: '" + form.get("payment_method") + "'");
    }
    if (!"manual".equals(form.get("capture_method")) || !"true".equals(form.get("confirm"))) {
      return invalid(
          "parameter_unknown", "the sandbox knows only confirm=true and capture_method=manual");
    }
    return Optional.empty();
  }

  private static Optional<SandboxReply> invalid(String code, String message) {
    return Optional.of(SandboxReply.error(400, INVALID, code, message));
  }

  private static Map<String, String> metadata(Map<String, String> form) {
    var metadata = new TreeMap<String, String>();
    form.forEach(
        (name, value) -> {
          if (name.startsWith("metadata[") && name.endsWith("]")) {
            metadata.put(name.substring("metadata[".length(), name.length() - 1), value);
          }
        });
    return metadata;
  }

  private static boolean wantsCharge(Map<String, String> form) {
    return form.containsKey("expand[0]") || form.containsKey("expand[]");
  }

  Outcome capture(@Nullable String key, String id, Map<String, String> form) {
    return change(key, "capture " + id + new TreeMap<>(form), id, intent -> captured(intent, form));
  }

  private SandboxReply captured(SandboxIntent intent, Map<String, String> form) {
    if (intent.status() != Status.REQUIRES_CAPTURE) {
      return SandboxReply.unexpectedState(intent, "captured");
    }
    if (intent.paymentMethod().equals(CAPTURE_DECLINED)) {
      return SandboxReply.declined(intent);
    }
    var captured = intent.now(Status.SUCCEEDED);
    store.update(captured);
    return SandboxReply.ok(captured.toWire(wantsCharge(form)));
  }

  Outcome cancel(@Nullable String key, String id) {
    return change(key, "cancel " + id, id, this::cancelled);
  }

  private SandboxReply cancelled(SandboxIntent intent) {
    return switch (intent.status()) {
      case REQUIRES_CAPTURE, REQUIRES_PAYMENT_METHOD -> {
        var cancelled = intent.now(Status.CANCELED);
        store.update(cancelled);
        yield SandboxReply.ok(cancelled.toWire(false));
      }
      case SUCCEEDED, CANCELED -> SandboxReply.unexpectedState(intent, "canceled");
    };
  }

  @FunctionalInterface
  private interface Change {
    SandboxReply apply(SandboxIntent intent);
  }

  private Outcome change(@Nullable String key, String request, String id, Change change) {
    boolean lost =
        store.load(id).map(intent -> intent.paymentMethod().equals(LOST_ANSWER)).orElse(false);
    return once(
        key,
        request,
        () -> Duration.ZERO,
        () ->
            store.loadLocked(id).map(change::apply).orElseGet(() -> SandboxReply.noSuchIntent(id)),
        lost);
  }

  SandboxReply retrieve(String id) {
    return store
        .load(id)
        .map(intent -> SandboxReply.ok(intent.toWire(true)))
        .orElseGet(() -> SandboxReply.noSuchIntent(id));
  }

  /** Newest first, at most {@code limit}; {@code after} is the last one of the page before. */
  SandboxReply list(Instant from, Instant before, @Nullable String after, int limit) {
    var found = store.list(from, before, after, limit + 1);
    var page = new LinkedHashMap<String, Object>();
    page.put("object", "list");
    page.put("url", "/v1/payment_intents");
    page.put("has_more", found.size() > limit);
    page.put("data", found.stream().limit(limit).map(intent -> intent.toWire(true)).toList());
    return SandboxReply.ok(page);
  }

  /** The newest, for people. */
  List<SandboxIntent> newest() {
    return store.list(Instant.EPOCH, clock.instant().plusSeconds(60), null, LONGEST_LIST);
  }

  /** The same key and request: the same answer. https://docs.stripe.com/api/idempotent_requests */
  private Outcome once(
      @Nullable String key,
      String request,
      Supplier<Duration> delay,
      Supplier<SandboxReply> execution,
      boolean losesAnswer) {
    if (key == null) {
      pause(delay.get());
      return new Outcome(store.inTransaction(execution), false, losesAnswer);
    }
    if (!inProgress.add(key)) {
      return new Outcome(
          SandboxReply.error(
              409,
              "idempotency_error",
              "idempotency_key_in_use",
              "There is currently another in-progress request using this Idempotent Key."),
          false,
          false);
    }
    try {
      var answered = store.answered(key);
      if (answered.isPresent()) {
        return new Outcome(again(answered.get(), request), true, false);
      }
      pause(delay.get());
      return new Outcome(
          store.inTransaction(() -> kept(key, request, execution)), false, losesAnswer);
    } finally {
      inProgress.remove(key);
    }
  }

  private static SandboxReply again(SandboxStore.Answered answered, String request) {
    return answered.request().equals(request)
        ? answered.reply()
        : SandboxReply.error(
            400,
            "idempotency_error",
            "idempotency_key_reused",
            "Keys for idempotent requests can only be used with the same parameters they were first used with.");
  }

  private SandboxReply kept(String key, String request, Supplier<SandboxReply> execution) {
    var reply = execution.get();
    if (reply.isKept()) {
      store.keep(key, request, reply);
    }
    return reply;
  }

  private static void pause(Duration delay) {
    try {
      Thread.sleep(delay);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("the sandbox stops while a slow card is being authorised", e);
    }
  }
}
