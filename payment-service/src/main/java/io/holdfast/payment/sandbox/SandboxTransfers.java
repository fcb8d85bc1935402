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
import org.jspecify.annotations.Nullable;

/**
 * The pretended provider's refunds and payouts. A card says how refunds to it go, see {@link
 * Sandbox}; a bank account's token how payouts to it go:
 *
 * <ul>
 *   <li>{@code ba_declined} takes nothing: the payout fails after a moment;
 *   <li>{@code ba_slow} takes 3 seconds;
 *   <li>{@code ba_lostAnswer} pays, but drops the connection before it says so;
 *   <li>every other {@code ba_...} is paid after a moment.
 * </ul>
 */
final class SandboxTransfers {

  private static final String LOST_ANSWER_CARD = "pm_card_lostAnswer";
  private static final String REFUND_DECLINED = "pm_card_refundDeclined";
  private static final String REFUND_PENDING = "pm_card_refundPending";
  private static final String BANK_DECLINED = "ba_declined";
  private static final String BANK_SLOW = "ba_slow";
  private static final String BANK_LOST_ANSWER = "ba_lostAnswer";
  private static final Duration MOMENT = Duration.ofMillis(300);
  private static final Duration SLOWNESS = Duration.ofSeconds(3);
  private static final String FAILED = "failed";
  private static final SandboxReply NOTHING = new SandboxReply(200, "{}");

  private final SandboxStore store;
  private final SandboxAnswers answers;
  private final SandboxNotices notices;
  private final Clock clock;

  SandboxTransfers(
      SandboxStore store, SandboxAnswers answers, SandboxNotices notices, Clock clock) {
    this.store = store;
    this.answers = answers;
    this.notices = notices;
    this.clock = clock;
  }

  Outcome refund(@Nullable String key, Map<String, String> form) {
    String intent = form.getOrDefault("payment_intent", "");
    boolean lost =
        store
            .load(intent)
            .map(known -> known.paymentMethod().equals(LOST_ANSWER_CARD))
            .orElse(false);
    return answers.once(
        key,
        "refund " + new TreeMap<>(form),
        () -> Duration.ZERO,
        () ->
            store
                .loadLocked(intent)
                .map(known -> refunded(known, form))
                .orElseGet(() -> SandboxReply.noSuchIntent(intent)),
        lost);
  }

  private SandboxReply refunded(SandboxIntent intent, Map<String, String> form) {
    var amount = amount(form.getOrDefault("amount", "" + intent.amount()));
    if (amount.isEmpty()) {
      return invalid("parameter_invalid_integer", "amount: a whole number from 1 to 99999999");
    }
    if (intent.status() != Status.SUCCEEDED) {
      return SandboxReply.unexpectedState(intent, "refunded");
    }
    if (amount.get() > intent.amountReceived() - intent.amountRefunded()) {
      return invalid(
          "charge_already_refunded",
          "Refund amount (%d) is greater than unrefunded amount on charge (%d)"
              .formatted(amount.get(), intent.amountReceived() - intent.amountRefunded()));
    }
    String card = intent.paymentMethod();
    String status =
        switch (card) {
          case REFUND_DECLINED -> FAILED;
          case REFUND_PENDING -> "pending";
          default -> "succeeded";
        };
    var now = clock.instant();
    var refund =
        new SandboxTransfer(
            "re_" + UuidV7.next().toString().replace("-", ""),
            SandboxTransfer.REFUND,
            now,
            amount.get(),
            intent.currency(),
            status,
            intent.id(),
            null,
            Sandbox.metadata(form),
            status.equals("pending") ? now.plus(MOMENT) : null);
    if (!status.equals(FAILED)) {
      store.update(intent.refunded(amount.get()));
    }
    store.insert(refund);
    notices.announce(refund);
    return SandboxReply.ok(refund.toWire());
  }

  Outcome payOut(@Nullable String key, Map<String, String> form) {
    var problem = problemWith(form);
    if (problem.isPresent()) {
      return Outcome.of(problem.get());
    }
    String destination = form.getOrDefault("destination", "");
    return answers.once(
        key,
        "payout " + new TreeMap<>(form),
        () -> Duration.ZERO,
        () -> paidOut(form, destination),
        destination.equals(BANK_LOST_ANSWER));
  }

  private static Optional<SandboxReply> problemWith(Map<String, String> form) {
    if (amount(form.getOrDefault("amount", "")).isEmpty()) {
      return Sandbox.invalid(
          "parameter_invalid_integer", "amount: a whole number from 1 to 999999999999");
    }
    if (!form.getOrDefault("currency", "").matches("[a-z]{3}")) {
      return Sandbox.invalid("parameter_invalid_string", "currency: three lower-case letters");
    }
    return form.getOrDefault("destination", "").startsWith("ba_")
        ? Optional.empty()
        : Sandbox.invalid(
            "resource_missing", "No such external account: '" + form.get("destination") + "'");
  }

  private SandboxReply paidOut(Map<String, String> form, String destination) {
    var now = clock.instant();
    var payout =
        new SandboxTransfer(
            "po_" + UuidV7.next().toString().replace("-", ""),
            SandboxTransfer.PAYOUT,
            now,
            Long.parseLong(form.getOrDefault("amount", "")),
            form.getOrDefault("currency", ""),
            "pending",
            null,
            destination,
            Sandbox.metadata(form),
            now.plus(destination.equals(BANK_SLOW) ? SLOWNESS : MOMENT));
    store.insert(payout);
    notices.announce(payout);
    return SandboxReply.ok(payout.toWire());
  }

  /** What was under way comes to its end. */
  void settleDue() {
    store.inTransaction(
        () -> {
          for (var due : store.settlingTransfersLocked(clock.instant())) {
            var ended = due.ended(due.isRefund() ? "succeeded" : bankSays(due.destination()));
            store.update(ended);
            notices.announce(ended);
          }
          return NOTHING;
        });
  }

  private static String bankSays(@Nullable String destination) {
    return BANK_DECLINED.equals(destination) ? FAILED : "paid";
  }

  SandboxReply retrieve(String object, String id) {
    return store
        .loadTransfer(object, id)
        .map(found -> SandboxReply.ok(found.toWire()))
        .orElseGet(() -> SandboxReply.missing(object, id));
  }

  /** Newest first, at most {@code limit}; {@code after} is the last one of the page before. */
  SandboxReply list(
      String object,
      Instant from,
      Instant before,
      @Nullable String paymentIntent,
      @Nullable String after,
      int limit) {
    var found = store.listTransfers(object, from, before, paymentIntent, after, limit + 1);
    var page = new LinkedHashMap<String, Object>();
    page.put("object", "list");
    page.put("url", "/v1/" + object + "s");
    page.put("has_more", found.size() > limit);
    page.put("data", found.stream().limit(limit).map(SandboxTransfer::toWire).toList());
    return SandboxReply.ok(page);
  }

  /** The newest, for people. */
  List<SandboxTransfer> newest(String object) {
    return store.listTransfers(
        object, Instant.EPOCH, clock.instant().plusSeconds(60), null, null, Sandbox.LONGEST_LIST);
  }

  private static Optional<Long> amount(String text) {
    return text.matches("[1-9][0-9]{0,11}") ? Optional.of(Long.valueOf(text)) : Optional.empty();
  }

  private static SandboxReply invalid(String code, String message) {
    return SandboxReply.error(400, "invalid_request_error", code, message);
  }
}
