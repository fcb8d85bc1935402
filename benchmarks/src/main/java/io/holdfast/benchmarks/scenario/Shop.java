package io.holdfast.benchmarks.scenario;

import io.holdfast.messaging.UuidV7;
import io.holdfast.quickstart.HttpJson.Answer;
import io.holdfast.quickstart.Service;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * What customers, reviewers and shopkeepers do, through the services' own APIs, noted down in the
 * journal. A refusal that may be is counted; any other answer than a success is reported.
 */
final class Shop {

  static final String CURRENCY = "EUR";

  /** One that the wallet service has by default. */
  private static final String METERED_SERVICE = "sms";

  private static final String WAIT = "wait=30";
  private static final int SUCCESS = 300;
  private static final String STILL_PENDING = "PENDING";

  private final Client client;
  private final Journal journal;
  private final Tally tally;

  /** In the names of this run's goods and vouchers. */
  private final String run = UUID.randomUUID().toString().substring(0, 8).toUpperCase(Locale.ROOT);

  private final AtomicInteger names = new AtomicInteger();

  Shop(Client client, Journal journal, Tally tally) {
    this.client = client;
    this.journal = journal;
    this.tally = tally;
  }

  private String name(String kind) {
    return "%s-%s-%d".formatted(kind, run, names.incrementAndGet());
  }

  /** Counts a success or a refusal that may be, reports every other answer. */
  private boolean succeeded(String deed, String done, Answer answer, Set<String> mayRefuse) {
    journal.answered();
    if (answer.status() < SUCCESS) {
      tally.count(done);
      return true;
    }
    String code = answer.body().path("code").asString("no code");
    if (mayRefuse.contains(code)) {
      tally.count("%s refused: %s".formatted(deed, code));
    } else {
      journal.unexpected("%s: %d %s".formatted(deed, answer.status(), answer.body()));
    }
    return false;
  }

  private record Price(long unitPriceMinor, String currency, @Nullable String service) {}

  private record Receipt(long quantity, String reference) {}

  private record Adjustment(long quantityDelta, String reason, String reference) {}

  /** A new good, of which {@code pieces} are there. */
  String good(long unitPriceMinor, long pieces) {
    String sku = name("SKU");
    client.put(
        Service.ORDER_SERVICE, "/products/" + sku, new Price(unitPriceMinor, CURRENCY, null));
    receive(sku, pieces);
    return sku;
  }

  /** A new product: units of a metered service. */
  String units(long unitPriceMinor) {
    String sku = name("SRV");
    client.put(
        Service.ORDER_SERVICE,
        "/products/" + sku,
        new Price(unitPriceMinor, CURRENCY, METERED_SERVICE));
    return sku;
  }

  void receive(String sku, long pieces) {
    var answer =
        client.post(
            Service.INVENTORY_SERVICE,
            "/stock/%s/receipts".formatted(sku),
            new Receipt(pieces, reference()));
    if (succeeded("receipt", "receipts of goods", answer, Set.of())) {
      journal.received(sku, pieces);
    }
  }

  void adjust(String sku, long pieces) {
    var answer =
        client.post(
            Service.INVENTORY_SERVICE,
            "/stock/%s/adjustments".formatted(sku),
            new Adjustment(pieces, "counted again", reference()));
    if (succeeded("adjustment", "stock adjustments", answer, Set.of("STOCK_PROMISED"))) {
      journal.adjusted(sku, pieces);
    }
  }

  private static String reference() {
    return UUID.randomUUID().toString();
  }

  /** A new customer's wallet with {@code balanceMinor} in it. */
  UUID customer(long balanceMinor) {
    var wallet = UuidV7.next();
    credit(wallet, balanceMinor);
    return wallet;
  }

  private record Credit(long amountMinor, String currency, String reference) {}

  void credit(UUID wallet, long amountMinor) {
    var answer =
        client.post(
            Service.WALLET_SERVICE,
            "/wallets/%s/credits".formatted(wallet),
            new Credit(amountMinor, CURRENCY, reference()));
    if (succeeded("credit", "credits", answer, Set.of())) {
      journal.paidIn(wallet, amountMinor);
    }
  }

  private record Charge(String reference, String service, long units) {}

  /** Uses a metered service. */
  void charge(UUID wallet, long units) {
    var answer =
        client.post(
            Service.WALLET_SERVICE,
            "/wallets/%s/charges".formatted(wallet),
            new Charge(reference(), METERED_SERVICE, units));
    succeeded("charge", "charges", answer, Set.of("INSUFFICIENT_BALANCE", "UNKNOWN_SERVICE"));
  }

  private record NewVoucher(
      String code,
      long amountMinor,
      String currency,
      int uses,
      long minimumMinor,
      Instant expiresAt) {}

  /** A new voucher. */
  String voucher(long amountMinor, int uses) {
    String code = name("V");
    var answer =
        client.post(
            Service.WALLET_SERVICE,
            "/vouchers",
            new NewVoucher(
                code, amountMinor, CURRENCY, uses, 0, Instant.now().plus(1, ChronoUnit.DAYS)));
    if (succeeded("voucher", "vouchers issued", answer, Set.of())) {
      journal.issued(code);
    }
    return code;
  }

  private record Line(String sku, long quantity) {}

  private record NewOrder(
      UUID customerId,
      List<Line> lines,
      @Nullable String paymentMethod,
      @Nullable String voucherCode) {}

  /**
   * An order as its customer is told.
   *
   * @param approval null unless a reviewer has to agree
   */
  record Placed(UUID orderId, String state, @Nullable String approval) {

    boolean isConfirmed() {
      return state.equals("CONFIRMED");
    }
  }

  /** Places an order and waits for its end; null if it was not placed. */
  @Nullable Placed order(Basket basket) {
    long begin = System.nanoTime();
    var placed = place(basket, WAIT);
    if (placed != null && !placed.state().equals(STILL_PENDING)) {
      tally.ended(System.nanoTime() - begin);
    }
    return placed;
  }

  /** Places an order and does not wait; null if it was not placed. */
  @Nullable Placed placeOnly(Basket basket) {
    return place(basket, "wait=0");
  }

  private @Nullable Placed place(Basket basket, String prefer) {
    var answer =
        client.post(
            Service.ORDER_SERVICE,
            "/orders",
            new NewOrder(
                basket.customer(),
                List.of(new Line(basket.sku(), basket.quantity())),
                basket.card(),
                basket.voucher()),
            "Idempotency-Key",
            reference(),
            "Prefer",
            prefer);
    if (!succeeded("order", "orders placed", answer, Set.of())) {
      return null;
    }
    var order = answer.body();
    var id = UUID.fromString(order.path("orderId").asString());
    journal.ordered(id, basket);
    return new Placed(id, order.path("state").asString(""), order.path("approval").asString(null));
  }

  /** Asks to cancel; it may be too late. */
  void cancel(UUID order) {
    var answer =
        client.post(Service.ORDER_SERVICE, "/orders/%s/cancel".formatted(order), List.of());
    succeeded("cancel", "cancels asked for", answer, Set.of("TOO_LATE", "ALREADY_REJECTED"));
  }

  private record Approval(String reviewer) {}

  private record Refusal(String reviewer, String reason) {}

  void review(UUID order, String reviewer, boolean approve) {
    var answer =
        approve
            ? client.post(
                Service.ORDER_SERVICE,
                "/orders/%s/approve".formatted(order),
                new Approval(reviewer))
            : client.post(
                Service.ORDER_SERVICE,
                "/orders/%s/reject".formatted(order),
                new Refusal(reviewer, "not this time"));
    succeeded("review", "reviews", answer, Set.of("ALREADY_DECIDED", "ALREADY_ENDED"));
  }

  private record NewRefund(
      @Nullable List<Books.RefundLine> lines, boolean returned, String reason) {}

  /**
   * Asks for a refund.
   *
   * @param quantity how many pieces; null for all that are left
   */
  void refund(UUID order, @Nullable Long quantity, boolean returned) {
    var lines = quantity == null ? null : List.of(new Books.RefundLine(0, quantity));
    var answer =
        client.post(
            Service.ORDER_SERVICE,
            "/orders/%s/refunds".formatted(order),
            new NewRefund(lines, returned, "changed my mind"),
            "Idempotency-Key",
            reference());
    succeeded(
        "refund",
        "refunds asked for",
        answer,
        Set.of(
            "REFUND_PENDING",
            "NOT_SENT_YET",
            "NOTHING_TO_REFUND",
            "MORE_THAN_BOUGHT",
            "PAYMENT_SPLIT_UNKNOWN"));
  }

  private record NewWithdrawal(
      UUID withdrawalId, long amountMinor, String currency, String destination) {}

  /** Asks for a payout; null if there is not enough money. */
  @Nullable UUID withdraw(UUID wallet, long amountMinor, String destination) {
    var id = UuidV7.next();
    var answer =
        client.post(
            Service.WALLET_SERVICE,
            "/wallets/%s/withdrawals".formatted(wallet),
            new NewWithdrawal(id, amountMinor, CURRENCY, destination));
    return succeeded("withdrawal", "withdrawals requested", answer, Set.of("INSUFFICIENT_BALANCE"))
        ? id
        : null;
  }

  private record Rejection(String reason) {}

  void decide(UUID withdrawal, boolean approve) {
    String decision = approve ? "approved" : "rejected";
    var answer =
        client.post(
            Service.WALLET_SERVICE,
            "/withdrawals/%s/%s".formatted(withdrawal, approve ? "approve" : "reject"),
            approve ? List.of() : new Rejection("not this time"));
    if (succeeded(
        approve ? "approval" : "rejection",
        "withdrawals " + decision,
        answer,
        Set.of("ALREADY_DECIDED"))) {
      journal.decided(withdrawal, decision);
    }
  }

  private record NewTopUp(
      UUID topUpId, UUID walletId, long amountMinor, String currency, String paymentMethod) {}

  UUID topUp(UUID wallet, long amountMinor, String card) {
    var id = UuidV7.next();
    journal.toppedUp(id);
    var answer =
        client.post(
            Service.PAYMENT_SERVICE,
            "/top-ups",
            new NewTopUp(id, wallet, amountMinor, CURRENCY, card));
    succeeded("top-up", "top-ups asked for", answer, Set.of());
    return id;
  }
}
