package io.holdfast.payment.stripe;

import com.stripe.exception.ApiConnectionException;
import com.stripe.exception.StripeException;
import com.stripe.model.HasId;
import com.stripe.model.PaymentIntent;
import com.stripe.model.Payout;
import com.stripe.model.Refund;
import com.stripe.model.StripeCollection;
import com.stripe.net.RequestOptions;
import com.stripe.param.PaymentIntentListParams;
import com.stripe.param.PaymentIntentRetrieveParams;
import com.stripe.param.PaymentIntentSearchParams;
import com.stripe.param.PayoutListParams;
import com.stripe.param.RefundListParams;
import io.holdfast.payment.provider.ProviderRecord;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Reads Stripe's lists, page by page. The library's own paging is not used: it has no end, and from
 * the second page on it wraps what goes wrong in a bare {@code RuntimeException}.
 *
 * <p>Whoever looks for one thing that got lost has a limit: so many records, and so much time for
 * all pages together, less than the claim of whoever asks.
 */
final class StripeLists {

  static final String CHARGE = "latest_charge";

  /** The most that Stripe puts on a page. */
  private static final int PAGE = 100;

  /**
   * By how much Stripe's search can be behind: less than a minute normally, an hour during outages.
   * https://docs.stripe.com/api/payment_intents/search
   */
  private static final Duration SEARCH_IS_BEHIND = Duration.ofHours(1);

  private final StripeConnection stripe;
  private final int mostListed;
  private final Duration longestLook;

  /**
   * @param mostListed records that are looked through for one that got lost
   * @param longestLook that it may take, with all requests that it needs
   */
  StripeLists(StripeConnection stripe, int mostListed, Duration longestLook) {
    this.stripe = stripe;
    this.mostListed = mostListed;
    this.longestLook = longestLook;
  }

  /**
   * What was looked for.
   *
   * @param all none or one, and failed attempts beside it
   * @param behind by how much what was looked through can be behind
   */
  record Found<T>(List<T> all, Duration behind) {}

  @FunctionalInterface
  private interface Pages<T extends HasId> {

    /**
     * @param after id of the last one of the page before; null for the first page
     */
    StripeCollection<T> read(@Nullable String after, RequestOptions options) throws StripeException;
  }

  /** A number of requests that have to do with so much time, all together. */
  private final class Limit {
    private final long startedAtNanos = System.nanoTime();
    private final Duration limit;

    Limit(Duration limit) {
      this.limit = limit;
    }

    private Duration left() {
      return limit.minusNanos(System.nanoTime() - startedAtNanos);
    }

    boolean isHalfOver() {
      return left().compareTo(limit.dividedBy(2)) < 0;
    }

    RequestOptions options() throws ApiConnectionException {
      var left = left();
      if (!left.isPositive()) {
        throw new ApiConnectionException(
            "the provider's list cannot be looked through within " + limit);
      }
      return stripe.within(left);
    }
  }

  /**
   * PaymentIntents that carry {@code id} as their note {@code note}, as they are now. They are
   * looked for in the list of what was made at that time, which shows at once what has been
   * written; where there is too much of it, by Stripe's search, which shows it a little later.
   */
  Found<PaymentIntent> intents(String note, UUID id, Instant firstSentAt, Instant lastSentAt)
      throws StripeException {
    var limit = new Limit(longestLook);
    var listed = lookThrough(intentPages(from(firstSentAt), to(lastSentAt), pageSize()), limit);
    if (listed.isPresent()) {
      return new Found<>(
          listed.get().stream().filter(intent -> carries(intent.getMetadata(), note, id)).toList(),
          Duration.ZERO);
    }
    var found = new ArrayList<PaymentIntent>();
    for (var intent : searched(note, id, limit)) {
      found.add(
          stripe
              .v1()
              .paymentIntents()
              .retrieve(
                  intent.getId(),
                  PaymentIntentRetrieveParams.builder().addExpand(CHARGE).build(),
                  limit.options()));
    }
    return new Found<>(found, SEARCH_IS_BEHIND);
  }

  /** What is found may be behind, so only its ids count. */
  private List<PaymentIntent> searched(String note, UUID id, Limit limit) throws StripeException {
    var params =
        PaymentIntentSearchParams.builder()
            .setQuery("metadata['%s']:'%s'".formatted(note, id))
            .setLimit((long) PAGE)
            .build();
    var page = stripe.v1().paymentIntents().search(params, limit.options());
    return checked(page.getData(), page.getHasMore());
  }

  /**
   * Refunds of a payment that carry {@code id} as their note; nothing if there are too many to look
   * through.
   */
  Optional<List<Refund>> refunds(String payment, String note, UUID id) throws StripeException {
    return lookThrough(refundPages(null, null, payment, pageSize()), new Limit(longestLook))
        .map(all -> all.stream().filter(it -> carries(it.getMetadata(), note, id)).toList());
  }

  /**
   * Payouts that carry {@code id} as their note; nothing if too many were made at that time to look
   * through.
   */
  Optional<List<Payout>> payouts(String note, UUID id, Instant firstSentAt, Instant lastSentAt)
      throws StripeException {
    return lookThrough(
            payoutPages(from(firstSentAt), to(lastSentAt), pageSize()), new Limit(longestLook))
        .map(all -> all.stream().filter(it -> carries(it.getMetadata(), note, id)).toList());
  }

  private static Instant from(Instant firstSentAt) {
    return firstSentAt.minus(ProviderRecord.CLOCKS_DIFFER);
  }

  private static Instant to(Instant lastSentAt) {
    return lastSentAt.plus(ProviderRecord.CLOCKS_DIFFER);
  }

  private static boolean carries(@Nullable Map<String, String> notes, String note, UUID id) {
    return notes != null && id.toString().equals(notes.get(note));
  }

  private int pageSize() {
    return Math.min(PAGE, mostListed);
  }

  /** Hands over all PaymentIntents that were made in a time, newest first, however many. */
  void allIntents(Instant from, Instant to, Consumer<PaymentIntent> reader) throws StripeException {
    readAll(intentPages(from, to, PAGE), reader);
  }

  /** Hands over all refunds that were made in a time, newest first, however many. */
  void allRefunds(Instant from, Instant to, Consumer<Refund> reader) throws StripeException {
    readAll(refundPages(from, to, null, PAGE), reader);
  }

  /** Hands over all payouts that were made in a time, newest first, however many. */
  void allPayouts(Instant from, Instant to, Consumer<Payout> reader) throws StripeException {
    readAll(payoutPages(from, to, PAGE), reader);
  }

  /** The whole list, or nothing if it is too long; half of the time is left for another way. */
  private <T extends HasId> Optional<List<T>> lookThrough(Pages<T> pages, Limit limit)
      throws StripeException {
    var all = new ArrayList<T>();
    String after = null;
    while (all.size() < mostListed && !limit.isHalfOver()) {
      var page = pages.read(after, limit.options());
      all.addAll(checked(page.getData(), page.getHasMore()));
      if (!page.getHasMore()) {
        return Optional.of(all);
      }
      after = page.getData().getLast().getId();
    }
    return Optional.empty();
  }

  private static <T extends HasId> void readAll(Pages<T> pages, Consumer<T> reader)
      throws StripeException {
    String after = null;
    boolean more = true;
    while (more) {
      var page = pages.read(after, RequestOptions.builder().build());
      checked(page.getData(), page.getHasMore()).forEach(reader);
      more = page.getHasMore();
      after = more ? page.getData().getLast().getId() : null;
    }
  }

  /** JSON of another form becomes a page of nothing, which must not be taken for the last one. */
  private static <T> List<T> checked(@Nullable List<T> data, @Nullable Boolean hasMore)
      throws ApiConnectionException {
    if (data == null || hasMore == null || (hasMore && data.isEmpty())) {
      throw new ApiConnectionException("what came instead of the provider's list is none");
    }
    return data;
  }

  private Pages<PaymentIntent> intentPages(Instant from, Instant to, int size) {
    return (after, options) -> {
      var params =
          PaymentIntentListParams.builder()
              .setCreated(
                  PaymentIntentListParams.Created.builder()
                      .setGte(from.getEpochSecond())
                      .setLte(to.getEpochSecond())
                      .build())
              .setLimit((long) size)
              .addExpand("data." + CHARGE);
      if (after != null) {
        params.setStartingAfter(after);
      }
      return stripe.v1().paymentIntents().list(params.build(), options);
    };
  }

  private Pages<Refund> refundPages(
      @Nullable Instant from, @Nullable Instant to, @Nullable String payment, int size) {
    return (after, options) -> {
      var params = RefundListParams.builder().setLimit((long) size);
      if (from != null && to != null) {
        params.setCreated(
            RefundListParams.Created.builder()
                .setGte(from.getEpochSecond())
                .setLte(to.getEpochSecond())
                .build());
      }
      if (payment != null) {
        params.setPaymentIntent(payment);
      }
      if (after != null) {
        params.setStartingAfter(after);
      }
      return stripe.v1().refunds().list(params.build(), options);
    };
  }

  private Pages<Payout> payoutPages(Instant from, Instant to, int size) {
    return (after, options) -> {
      var params =
          PayoutListParams.builder()
              .setCreated(
                  PayoutListParams.Created.builder()
                      .setGte(from.getEpochSecond())
                      .setLte(to.getEpochSecond())
                      .build())
              .setLimit((long) size);
      if (after != null) {
        params.setStartingAfter(after);
      }
      return stripe.v1().payouts().list(params.build(), options);
    };
  }
}
