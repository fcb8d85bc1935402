package io.holdfast.payment.sandbox;

import io.holdfast.messaging.UuidV7;
import io.holdfast.payment.sandbox.SandboxAnswers.Outcome;
import io.holdfast.payment.sandbox.SandboxIntent.Status;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What the pretended provider does. The token of the card says how it behaves:
 *
 * <ul>
 *   <li>{@code pm_card_chargeDeclined} is declined when it is authorised;
 *   <li>{@code pm_card_captureDeclined} is authorised, and declined when it is captured;
 *   <li>{@code pm_card_slow} is authorised after 3 seconds;
 *   <li>{@code pm_card_lostAnswer} does each thing, but drops the connection before it says so;
 *   <li>{@code pm_card_pending} and {@code pm_card_pendingDeclined}, captured automatically, are
 *       under way for a moment, and then good or declined;
 *   <li>{@code pm_card_refundPending} and {@code pm_card_refundDeclined} are good, but take a
 *       refund back slowly or not at all;
 *   <li>every other {@code pm_card_...}, such as {@code pm_card_visa}, is good.
 * </ul>
 */
final class Sandbox {

  static final int LONGEST_LIST = 100;

  private static final String CHARGE_DECLINED = "pm_card_chargeDeclined";
  private static final String CAPTURE_DECLINED = "pm_card_captureDeclined";
  private static final String SLOW = "pm_card_slow";
  private static final String LOST_ANSWER = "pm_card_lostAnswer";
  private static final String PENDING = "pm_card_pending";
  private static final String PENDING_DECLINED = "pm_card_pendingDeclined";
  private static final String MANUAL = "manual";
  private static final String AUTOMATIC = "automatic";
  private static final SandboxReply NOTHING = new SandboxReply(200, "{}");
  private static final Duration SETTLING = Duration.ofMillis(1_500);
  private static final Duration SLOWNESS = Duration.ofSeconds(3);
  private static final String INVALID = "invalid_request_error";
  private static final Pattern NOTE_QUERY =
      Pattern.compile("metadata\\['(?<name>[^'\\\\]+)'\\]:'(?<value>[^'\\\\]+)'");

  private final SandboxStore store;
  private final SandboxAnswers answers;
  private final SandboxNotices notices;
  private final Clock clock;

  Sandbox(SandboxStore store, SandboxAnswers answers, SandboxNotices notices, Clock clock) {
    this.store = store;
    this.answers = answers;
    this.notices = notices;
    this.clock = clock;
  }

  Outcome create(@Nullable String key, Map<String, String> form) {
    var problem = problemWith(form);
    if (problem.isPresent()) {
      return Outcome.of(problem.get());
    }
    String card = form.getOrDefault("payment_method", "");
    return answers.once(
        key,
        "create " + new TreeMap<>(form),
        () -> card.equals(SLOW) ? SLOWNESS : Duration.ZERO,
        () -> created(form, card),
        card.equals(LOST_ANSWER));
  }

  private SandboxReply created(Map<String, String> form, String card) {
    boolean automatic = !MANUAL.equals(form.get("capture_method"));
    var now = clock.instant();
    var intent =
        new SandboxIntent(
            "pi_" + UuidV7.next().toString().replace("-", ""),
            now,
            Long.parseLong(form.getOrDefault("amount", "")),
            0,
            form.getOrDefault("currency", ""),
            card,
            automatic,
            first(card, automatic),
            metadata(form),
            automatic && card.startsWith(PENDING) ? now.plus(SETTLING) : null);
    store.insert(intent);
    notices.announce(intent);
    return intent.status() == Status.REQUIRES_PAYMENT_METHOD
        ? SandboxReply.declined(intent)
        : SandboxReply.ok(intent.toWire(wantsCharge(form)));
  }

  private static Status first(String card, boolean automatic) {
    if (card.equals(CHARGE_DECLINED)) {
      return Status.REQUIRES_PAYMENT_METHOD;
    }
    if (!automatic) {
      return Status.REQUIRES_CAPTURE;
    }
    return card.startsWith(PENDING) ? Status.PROCESSING : Status.SUCCEEDED;
  }

  /** What was under way comes to its end. */
  void settleDue() {
    store.inTransaction(
        () -> {
          for (var due : store.settlingLocked(clock.instant())) {
            var settled =
                due.now(
                    due.paymentMethod().equals(PENDING_DECLINED)
                        ? Status.REQUIRES_PAYMENT_METHOD
                        : Status.SUCCEEDED);
            store.update(settled);
            notices.announce(settled);
          }
          return NOTHING;
        });
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
    String capture = form.getOrDefault("capture_method", AUTOMATIC);
    if ((!capture.equals(MANUAL) && !capture.equals(AUTOMATIC))
        || !"true".equals(form.get("confirm"))) {
      return invalid(
          "parameter_unknown",
          "the sandbox knows only confirm=true, and capture_method=manual or automatic");
    }
    return Optional.empty();
  }

  static Optional<SandboxReply> invalid(String code, String message) {
    return Optional.of(SandboxReply.error(400, INVALID, code, message));
  }

  static Map<String, String> metadata(Map<String, String> form) {
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
    notices.announce(captured);
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
        notices.announce(cancelled);
        yield SandboxReply.ok(cancelled.toWire(false));
      }
      case PROCESSING, SUCCEEDED, CANCELED -> SandboxReply.unexpectedState(intent, "canceled");
    };
  }

  @FunctionalInterface
  private interface Change {
    SandboxReply apply(SandboxIntent intent);
  }

  private Outcome change(@Nullable String key, String request, String id, Change change) {
    boolean lost =
        store.load(id).map(intent -> intent.paymentMethod().equals(LOST_ANSWER)).orElse(false);
    return answers.once(
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

  /**
   * Those that carry a note, newest first. Stripe's knows more queries, and is a little behind what
   * was made: https://docs.stripe.com/search
   */
  SandboxReply search(String query, int limit) {
    var asked = NOTE_QUERY.matcher(query);
    if (!asked.matches()) {
      return SandboxReply.error(
          400,
          INVALID,
          "parameter_invalid_string",
          "query: the sandbox knows only metadata['name']:'value'");
    }
    var found = store.search(asked.group("name"), asked.group("value"), limit + 1);
    var page = new LinkedHashMap<String, Object>();
    page.put("object", "search_result");
    page.put("url", "/v1/payment_intents/search");
    page.put("has_more", found.size() > limit);
    page.put("data", found.stream().limit(limit).map(intent -> intent.toWire(false)).toList());
    return SandboxReply.ok(page);
  }

  /** The newest, for people. */
  List<SandboxIntent> newest() {
    return store.list(Instant.EPOCH, clock.instant().plusSeconds(60), null, LONGEST_LIST);
  }
}
