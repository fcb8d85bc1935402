package io.holdfast.benchmarks.scenario;

import static java.util.function.Function.identity;
import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.summingLong;
import static java.util.stream.Collectors.toMap;

import io.holdfast.benchmarks.scenario.Books.Entry;
import io.holdfast.benchmarks.scenario.Books.Good;
import io.holdfast.benchmarks.scenario.Books.Order;
import io.holdfast.benchmarks.scenario.Books.Payment;
import io.holdfast.benchmarks.scenario.Books.Refund;
import io.holdfast.benchmarks.scenario.Books.Saga;
import io.holdfast.benchmarks.scenario.Books.Wallet;
import io.holdfast.benchmarks.scenario.Invariant.Finding;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What holds of goods, orders, their sagas, payments and refunds. */
final class TradeInvariants {

  static final Invariant NOTHING_OPEN =
      new Invariant(
          "nothing is open: no order, saga, payment, refund, withdrawal or top-up, nothing held",
          TradeInvariants::allHasEnded);

  static final List<Invariant> ALL =
      List.of(
          new Invariant(
              "each good: available + held + sold = received + adjusted, none below 0",
              books -> Finding.each(books.trade().goods(), TradeInvariants::unbalanced)),
          new Invariant(
              "each good has what was delivered and adjusted, and sold what confirmed orders took",
              TradeInvariants::goodsAreWhereOrdersSay),
          new Invariant(
              "each confirmed order is paid in full, by quota, voucher, wallet and card; no other"
                  + " pays",
              TradeInvariants::ordersArePaid),
          new Invariant(
              "each order that did not come about says why", TradeInvariants::refusalsHaveReasons),
          new Invariant(
              "each order ends as its saga and its payment do", TradeInvariants::endsAgree),
          new Invariant(
              "each payment is taken once at the provider, and nothing stays authorised there",
              TradeInvariants::paymentsTakenOnce),
          new Invariant(
              "each refund is paid back once, where the money came from",
              TradeInvariants::refundsPaidOnce),
          NOTHING_OPEN,
          new Invariant("no saga needs an operator", TradeInvariants::noSagaNeedsHelp));

  private static final Set<String> OPEN_WITHDRAWAL = Set.of("REQUESTED", "APPROVED", "PAYING");
  private static final Set<String> OPEN_PAYMENT =
      Set.of("CREATED", "AUTHORISING", "AUTHORISED", "CAPTURING", "VOIDING");

  private TradeInvariants() {}

  /** What is wrong with a good by itself; null if nothing is. */
  static @Nullable String unbalanced(Good good) {
    long in = good.received() + good.adjusted();
    long is = good.available() + good.held() + good.sold();
    boolean negative = good.available() < 0 || good.held() < 0 || good.sold() < 0;
    return in == is && !negative ? null : "%d came in, %d are there: %s".formatted(in, is, good);
  }

  private static Finding goodsAreWhereOrdersSay(Books books) {
    var sold = new HashMap<String, Long>();
    var broken = new HashMap<String, Long>();
    var confirmed = new HashMap<UUID, Basket>();
    var unsent = new HashSet<UUID>();
    for (var order : books.trade().orders()) {
      var basket = books.told().baskets().get(order.orderId());
      if (basket != null && order.isConfirmed()) {
        confirmed.put(order.orderId(), basket);
        sold.merge(basket.sku(), basket.quantity(), Long::sum);
        if (order.fulfilment().equals("FAILED")) {
          unsent.add(order.orderId());
        }
      }
    }
    for (var refund : books.trade().refunds()) {
      var basket = confirmed.get(refund.orderId());
      if (basket != null && refund.isDone() && refund.returned()) {
        for (var line : refund.lines()) {
          sold.merge(basket.sku(), -line.quantity(), Long::sum);
          // An order of a scenario has one good: if it could not be sent, that one was damaged.
          if (unsent.contains(refund.orderId())) {
            broken.merge(basket.sku(), line.quantity(), Long::sum);
          }
        }
      }
    }
    return Finding.each(
        books.trade().goods(),
        good -> {
          long received = books.told().received().getOrDefault(good.sku(), 0L);
          long adjusted =
              books.told().adjusted().getOrDefault(good.sku(), 0L)
                  - broken.getOrDefault(good.sku(), 0L);
          long taken = sold.getOrDefault(good.sku(), 0L);
          return good.received() == received && good.adjusted() == adjusted && good.sold() == taken
              ? null
              : "%d delivered, %d adjusted, orders took %d, but %s"
                  .formatted(received, adjusted, taken, good);
        });
  }

  /** Of flash sales: as long as a refused order could have been served, none is refused. */
  static Finding goodsAreUsedUp(Books books) {
    var refused = new HashMap<String, Long>();
    for (var order : books.trade().orders()) {
      var basket = books.told().baskets().get(order.orderId());
      if (basket != null && "INSUFFICIENT_STOCK".equals(order.reasonCode())) {
        refused.merge(basket.sku(), basket.quantity(), Long::min);
      }
    }
    return Finding.each(
        books.trade().goods(),
        good -> {
          Long smallest = refused.get(good.sku());
          return smallest == null || good.available() < smallest
              ? null
              : "an order for %d was refused, but %s".formatted(smallest, good);
        });
  }

  private static Finding ordersArePaid(Books books) {
    var byWallet = amounts(books.money().entries(), "CONFIRM");
    var byVoucher = amounts(books.money().entries(), "VOUCHER_CONFIRM");
    var byCard = payments(books);
    return Finding.each(
        books.trade().orders(),
        order -> {
          var payment = byCard.get(order.orderId());
          long wallet = byWallet.getOrDefault(order.orderId(), 0L);
          long voucher = byVoucher.getOrDefault(order.orderId(), 0L);
          long card = payment == null || !payment.isCaptured() ? 0 : payment.amountMinor();
          long due = order.isConfirmed() ? order.totalMinor() : 0;
          long paid = wallet + voucher + card;
          boolean right = isMetered(books, order) ? paid <= due : paid == due;
          return right
              ? null
              : "wallet %d + voucher %d + card %d is not %d: %s"
                  .formatted(wallet, voucher, card, due, order);
        });
  }

  /** What free units are worth, the order does not tell. */
  private static boolean isMetered(Books books, Order order) {
    var basket = books.told().baskets().get(order.orderId());
    return basket != null && basket.metered();
  }

  private static Map<UUID, Long> amounts(List<Entry> entries, String operation) {
    return entries.stream()
        .filter(entry -> entry.operation().equals(operation))
        .collect(groupingBy(Entry::causeId, summingLong(Entry::amountMinor)));
  }

  private static Map<UUID, Payment> payments(Books books) {
    return books.trade().payments().stream().collect(toMap(Payment::sagaId, identity()));
  }

  private static Finding refusalsHaveReasons(Books books) {
    var refused =
        books.trade().orders().stream()
            .filter(order -> Set.of("REJECTED", "CANCELLED").contains(order.state()))
            .toList();
    return Finding.each(
        refused, order -> order.reasonCode() == null ? "no reason: " + order : null);
  }

  /** Where everybody could pay and there are enough goods. */
  static Finding refusedForTheVoucher(Books books) {
    var refused = books.trade().orders().stream().filter(order -> !order.isConfirmed()).toList();
    return Finding.each(
        refused, order -> "VOUCHER_USED_UP".equals(order.reasonCode()) ? null : order.toString());
  }

  private static Finding endsAgree(Books books) {
    var sagas = books.trade().sagas().stream().collect(toMap(Saga::id, Saga::state));
    var payments = payments(books);
    return Finding.each(
        books.trade().orders(),
        order -> {
          String saga = sagas.getOrDefault(order.orderId(), "unknown");
          var payment = payments.get(order.orderId());
          boolean sagaAgrees =
              order.isConfirmed() ? saga.equals("CONFIRMED") : saga.equals("CANCELLED");
          boolean paymentAgrees = payment == null || payment.isCaptured() == order.isConfirmed();
          return sagaAgrees && paymentAgrees
              ? null
              : "its saga is %s, its payment %s: %s".formatted(saga, payment, order);
        });
  }

  private static Finding paymentsTakenOnce(Books books) {
    var intents = MoneyInvariants.byWhatTheyAreFor(books.provider().intents());
    return Finding.each(
        books.trade().payments(),
        payment -> {
          var made = intents.getOrDefault(payment.sagaId(), List.of());
          var taken = made.stream().filter(intent -> intent.status().equals("succeeded")).toList();
          boolean held =
              made.stream().anyMatch(intent -> intent.status().equals("requires_capture"));
          boolean right =
              payment.isCaptured()
                  ? taken.size() == 1 && taken.getFirst().amountMinor() == payment.amountMinor()
                  : taken.isEmpty();
          return right && !held ? null : "%s, but at the provider %s".formatted(payment, made);
        });
  }

  private static Finding refundsPaidOnce(Books books) {
    var toWallet = amounts(books.money().entries(), "REFUND");
    var toCard = MoneyInvariants.byWhatTheyAreFor(books.provider().refunds());
    var paidBack = new HashMap<UUID, Long>();
    var refunds =
        Finding.each(
            books.trade().refunds(),
            refund -> {
              long wallet = toWallet.getOrDefault(refund.refundId(), 0L);
              var movements =
                  toCard.getOrDefault(refund.refundId(), List.of()).stream()
                      .filter(movement -> !movement.status().equals("failed"))
                      .toList();
              long card = movements.stream().mapToLong(Books.Movement::amountMinor).sum();
              paidBack.merge(refund.orderId(), card, Long::sum);
              boolean right =
                  wallet == (refund.isDone() ? refund.walletMinor() : 0)
                      && card == (refund.isDone() ? refund.cardMinor() : 0)
                      && movements.size() <= 1;
              return right
                  ? null
                  : "wallet got %d, card %s: %s".formatted(wallet, movements, refund);
            });
    var payments =
        Finding.each(
            books.trade().payments(),
            payment -> {
              long back = paidBack.getOrDefault(payment.sagaId(), 0L);
              return payment.refundedMinor() == back && back <= payment.amountMinor()
                  ? null
                  : "the card got %d back, but %s".formatted(back, payment);
            });
    return refunds.and(payments);
  }

  private static Finding allHasEnded(Books books) {
    var open =
        Stream.of(
                books.trade().orders().stream().filter(TradeInvariants::isOpen),
                books.trade().sagas().stream().filter(saga -> saga.nextActionAt() != null),
                books.trade().payments().stream()
                    .filter(payment -> OPEN_PAYMENT.contains(payment.state())),
                books.trade().refunds().stream().filter(TradeInvariants::isOpen),
                books.trade().goods().stream().filter(good -> good.held() != 0),
                books.money().wallets().stream().filter(TradeInvariants::isHeld),
                books.money().vouchers().stream().filter(voucher -> voucher.reserved() != 0),
                books.money().topUps().stream().filter(topUp -> topUp.state().equals("PENDING")),
                books.money().withdrawals().stream()
                    .filter(withdrawal -> OPEN_WITHDRAWAL.contains(withdrawal.state())))
            .flatMap(things -> things.map(Object::toString))
            .toList();
    int looked =
        books.trade().orders().size()
            + books.trade().sagas().size()
            + books.trade().payments().size()
            + books.trade().refunds().size()
            + books.trade().goods().size()
            + books.money().wallets().size()
            + books.money().vouchers().size()
            + books.money().topUps().size()
            + books.money().withdrawals().size();
    return new Finding(looked, open);
  }

  private static boolean isOpen(Order order) {
    return order.state().equals("PENDING")
        || order.refundState().equals("PENDING")
        || order.fulfilment().equals("FULFILLING");
  }

  private static boolean isOpen(Refund refund) {
    return refund.state().equals("PENDING");
  }

  private static boolean isHeld(Wallet wallet) {
    return wallet.heldMinor() != 0;
  }

  private static Finding noSagaNeedsHelp(Books books) {
    return Finding.each(
        books.trade().sagas(), saga -> saga.attention() == null ? null : saga.toString());
  }
}
