package io.holdfast.benchmarks.scenario;

import io.holdfast.benchmarks.scenario.Books.Entry;
import io.holdfast.benchmarks.scenario.Books.Good;
import io.holdfast.benchmarks.scenario.Books.Money;
import io.holdfast.benchmarks.scenario.Books.Movement;
import io.holdfast.benchmarks.scenario.Books.Order;
import io.holdfast.benchmarks.scenario.Books.Payment;
import io.holdfast.benchmarks.scenario.Books.Refund;
import io.holdfast.benchmarks.scenario.Books.RefundLine;
import io.holdfast.benchmarks.scenario.Books.Saga;
import io.holdfast.benchmarks.scenario.Books.Told;
import io.holdfast.benchmarks.scenario.Books.TopUp;
import io.holdfast.benchmarks.scenario.Books.Trade;
import io.holdfast.benchmarks.scenario.Books.Voucher;
import io.holdfast.benchmarks.scenario.Books.Wallet;
import io.holdfast.benchmarks.scenario.Books.Withdrawal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/** Books in which everything is as it should be, for tests to spoil. */
final class GoodDay {

  static final UUID WALLET = new UUID(0, 1);
  static final UUID BOUGHT = new UUID(0, 2);
  static final UUID REFUSED = new UUID(0, 3);
  static final UUID PAID_OUT = new UUID(0, 4);
  static final UUID REJECTED = new UUID(0, 5);
  static final UUID TOP_UP = new UUID(0, 6);
  static final UUID REFUND = new UUID(0, 7);
  static final UUID CREDIT = new UUID(0, 8);
  static final String SKU = "SKU-1";
  static final String VOUCHER = "V-1";

  final List<Wallet> wallets =
      new ArrayList<>(List.of(new Wallet(WALLET, 9_300, 0, 1_000, 2_000, 12_000, 300)));
  final List<Entry> entries =
      new ArrayList<>(
          List.of(
              entry(CREDIT, "CREDIT", 10_000),
              entry(TOP_UP, "CREDIT", 2_000),
              entry(BOUGHT, "HOLD", 1_000),
              entry(BOUGHT, "CONFIRM", 1_000),
              entry(BOUGHT, "VOUCHER_HOLD", 500),
              entry(BOUGHT, "VOUCHER_CONFIRM", 500),
              entry(PAID_OUT, "WITHDRAWAL_HOLD", 2_000),
              entry(PAID_OUT, "WITHDRAWAL_PAID", 2_000),
              entry(REJECTED, "WITHDRAWAL_HOLD", 700),
              entry(REJECTED, "WITHDRAWAL_BACK", 700),
              entry(REFUND, "REFUND", 300)));
  final List<Withdrawal> withdrawals =
      new ArrayList<>(
          List.of(
              new Withdrawal(PAID_OUT, WALLET, 2_000, "PAID"),
              new Withdrawal(REJECTED, WALLET, 700, "REJECTED")));
  final List<Voucher> vouchers = new ArrayList<>(List.of(new Voucher(VOUCHER, 1, 0, 1)));
  final List<TopUp> topUps =
      new ArrayList<>(List.of(new TopUp(TOP_UP, WALLET, 2_000, "SUCCEEDED")));
  final List<Good> goods = new ArrayList<>(List.of(new Good(SKU, 7, 0, 2, 10, -1)));
  final List<Order> orders =
      new ArrayList<>(
          List.of(
              new Order(BOUGHT, WALLET, "CONFIRMED", null, 3_000, "PARTIAL", "SHIPPED"),
              new Order(REFUSED, WALLET, "REJECTED", "VOUCHER_USED_UP", 1_000, "NONE", "NONE")));
  final List<Refund> refunds =
      new ArrayList<>(
          List.of(
              new Refund(REFUND, BOUGHT, "DONE", 300, 700, List.of(new RefundLine(0, 1)), true)));
  final List<Payment> payments =
      new ArrayList<>(List.of(new Payment(BOUGHT, "REFUNDED_IN_PART", 1_500, 700)));
  final List<Saga> sagas =
      new ArrayList<>(
          List.of(
              saga(BOUGHT, "place-order", "CONFIRMED"),
              saga(REFUSED, "place-order", "CANCELLED"),
              saga(REFUND, "refund-order", "CONFIRMED"),
              saga(PAID_OUT, "withdraw", "CONFIRMED")));
  final List<Movement> intents =
      new ArrayList<>(
          List.of(
              new Movement("pi_1", BOUGHT, "succeeded", 1_500),
              new Movement("pi_2", TOP_UP, "succeeded", 2_000)));
  final List<Movement> payouts =
      new ArrayList<>(List.of(new Movement("po_1", PAID_OUT, "paid", 2_000)));
  final List<Movement> cardRefunds =
      new ArrayList<>(List.of(new Movement("re_1", REFUND, "succeeded", 700)));
  final Map<UUID, Long> paidIn = new HashMap<>(Map.of(WALLET, 10_000L));
  final Map<UUID, Basket> baskets =
      new HashMap<>(
          Map.of(
              BOUGHT, new Basket(WALLET, SKU, 3, "pm_card_visa", VOUCHER, false),
              REFUSED, new Basket(WALLET, SKU, 1, null, VOUCHER, false)));
  final Map<UUID, Set<String>> decisions =
      new HashMap<>(Map.of(PAID_OUT, Set.of("approved"), REJECTED, Set.of("rejected")));
  final List<String> unexpected = new ArrayList<>();
  final List<String> unbalanced = new ArrayList<>();
  final List<String> forgedAccepted = new ArrayList<>();
  final Map<String, List<String>> services = new HashMap<>(Map.of("ledger", List.of()));

  static Entry entry(UUID cause, String operation, long amountMinor) {
    return new Entry(WALLET, cause, operation, amountMinor);
  }

  static Saga saga(UUID id, String definition, String state) {
    return new Saga(id, definition, state, null, null);
  }

  Books books() {
    return new Books(
        new Money(wallets, entries, withdrawals, vouchers, topUps),
        new Trade(goods, orders, refunds, payments, sagas),
        new Books.Provider(intents, payouts, cardRefunds),
        new Told(
            paidIn,
            Map.of(SKU, 10L),
            Map.of(SKU, -1L),
            baskets,
            decisions,
            9,
            unexpected,
            unbalanced,
            5,
            2,
            3,
            forgedAccepted),
        services);
  }
}
