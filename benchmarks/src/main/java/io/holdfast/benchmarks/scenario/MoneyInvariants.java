package io.holdfast.benchmarks.scenario;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.summingLong;

import io.holdfast.benchmarks.scenario.Books.Entry;
import io.holdfast.benchmarks.scenario.Books.Movement;
import io.holdfast.benchmarks.scenario.Books.Voucher;
import io.holdfast.benchmarks.scenario.Books.Wallet;
import io.holdfast.benchmarks.scenario.Books.Withdrawal;
import io.holdfast.benchmarks.scenario.Invariant.Finding;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What holds of wallets, withdrawals, vouchers and top-ups. */
final class MoneyInvariants {

  static final List<Invariant> ALL =
      List.of(
          new Invariant(
              "each wallet: available + held + spent + withdrawn = credited + refunded, none below 0",
              books -> Finding.each(books.money().wallets(), MoneyInvariants::unbalanced)),
          new Invariant(
              "each wallet's totals are what its statement adds up to",
              MoneyInvariants::statementsAddUp),
          new Invariant("nothing is in a statement twice", MoneyInvariants::nothingTwice),
          new Invariant(
              "each wallet got what was paid in and topped up, once",
              MoneyInvariants::creditsArrived),
          new Invariant(
              "each withdrawal is paid out once, or its money is back",
              MoneyInvariants::withdrawalsPaidOnce),
          new Invariant(
              "each wallet: withdrawn = its withdrawals that are paid",
              MoneyInvariants::withdrawnIsPaid),
          new Invariant(
              "what reviewers were told became of a withdrawal is what became of it",
              MoneyInvariants::decisionsStand),
          new Invariant(
              "each voucher is used as often as its confirmed orders say, never more than it may be",
              MoneyInvariants::vouchersWithinUses),
          new Invariant(
              "each top-up that succeeded was taken from the card once, others never",
              MoneyInvariants::topUpsTakenOnce));

  private static final Set<String> PAID_STATES = Set.of("paid", "pending", "in_transit");

  private MoneyInvariants() {}

  /** What is wrong with a wallet by itself; null if nothing is. */
  static @Nullable String unbalanced(Wallet wallet) {
    long in = wallet.creditedMinor() + wallet.refundedMinor();
    long is =
        wallet.availableMinor()
            + wallet.heldMinor()
            + wallet.spentMinor()
            + wallet.withdrawnMinor();
    boolean negative =
        Stream.of(
                wallet.availableMinor(),
                wallet.heldMinor(),
                wallet.spentMinor(),
                wallet.withdrawnMinor())
            .anyMatch(minor -> minor < 0);
    return in == is && !negative ? null : "%d came in, %d is there: %s".formatted(in, is, wallet);
  }

  private static Finding statementsAddUp(Books books) {
    var entries = books.money().entries().stream().collect(groupingBy(Entry::walletId));
    return Finding.each(
        books.money().wallets(),
        wallet -> {
          var rebuilt =
              rebuilt(wallet.walletId(), entries.getOrDefault(wallet.walletId(), List.of()));
          return rebuilt.equals(wallet)
              ? null
              : "its statement says %s, but it is %s".formatted(rebuilt, wallet);
        });
  }

  private static Wallet rebuilt(UUID walletId, List<Entry> entries) {
    var sums =
        entries.stream().collect(groupingBy(Entry::operation, summingLong(Entry::amountMinor)));
    Function<String, Long> sum = operation -> sums.getOrDefault(operation, 0L);
    long holds = sum.apply("HOLD") + sum.apply("WITHDRAWAL_HOLD");
    long back = sum.apply("CANCEL") + sum.apply("WITHDRAWAL_BACK");
    long spent = sum.apply("CONFIRM") + sum.apply("CHARGE");
    return new Wallet(
        walletId,
        sum.apply("CREDIT") + sum.apply("REFUND") + back - holds - sum.apply("CHARGE"),
        holds - back - sum.apply("CONFIRM") - sum.apply("WITHDRAWAL_PAID"),
        spent,
        sum.apply("WITHDRAWAL_PAID"),
        sum.apply("CREDIT"),
        sum.apply("REFUND"));
  }

  private static Finding nothingTwice(Books books) {
    var seen = new HashSet<List<Object>>();
    return Finding.each(
        books.money().entries(),
        entry ->
            seen.add(List.of(entry.walletId(), entry.causeId(), entry.operation()))
                ? null
                : "twice: " + entry);
  }

  private static Finding creditsArrived(Books books) {
    var expected = new HashMap<>(books.told().paidIn());
    for (var topUp : books.money().topUps()) {
      if (topUp.state().equals("SUCCEEDED")) {
        expected.merge(topUp.walletId(), topUp.amountMinor(), Long::sum);
      }
    }
    return Finding.each(
        books.money().wallets(),
        wallet -> {
          long due = expected.getOrDefault(wallet.walletId(), 0L);
          return wallet.creditedMinor() == due
              ? null
              : "%d was paid in, but %s".formatted(due, wallet);
        });
  }

  private static Finding withdrawalsPaidOnce(Books books) {
    var payouts = byWhatTheyAreFor(books.provider().payouts());
    return Finding.each(
        books.money().withdrawals(),
        withdrawal -> {
          var paid =
              payouts.getOrDefault(withdrawal.withdrawalId(), List.of()).stream()
                  .filter(payout -> PAID_STATES.contains(payout.status()))
                  .toList();
          boolean right =
              withdrawal.state().equals("PAID")
                  ? isOnce(paid, withdrawal.amountMinor())
                  : paid.isEmpty();
          return right ? null : "%s, but at the provider %s".formatted(withdrawal, paid);
        });
  }

  private static boolean isOnce(Collection<Movement> movements, long amountMinor) {
    return movements.size() == 1
        && movements.stream().allMatch(movement -> movement.amountMinor() == amountMinor);
  }

  static Map<UUID, List<Movement>> byWhatTheyAreFor(List<Movement> movements) {
    return movements.stream().collect(groupingBy(Movement::about));
  }

  private static Finding withdrawnIsPaid(Books books) {
    var paid =
        books.money().withdrawals().stream()
            .filter(withdrawal -> withdrawal.state().equals("PAID"))
            .collect(groupingBy(Withdrawal::walletId, summingLong(Withdrawal::amountMinor)));
    return Finding.each(
        books.money().wallets(),
        wallet -> {
          long due = paid.getOrDefault(wallet.walletId(), 0L);
          return wallet.withdrawnMinor() == due
              ? null
              : "withdrawals of %d are paid, but %s".formatted(due, wallet);
        });
  }

  private static Finding decisionsStand(Books books) {
    return Finding.each(
        books.money().withdrawals().stream()
            .filter(withdrawal -> books.told().decisions().containsKey(withdrawal.withdrawalId()))
            .toList(),
        withdrawal -> {
          var told =
              Objects.requireNonNull(books.told().decisions().get(withdrawal.withdrawalId()));
          var now = withdrawal.state().equals("REJECTED") ? "rejected" : "approved";
          return told.equals(Set.of(now))
              ? null
              : "reviewers were told %s, but %s".formatted(told, withdrawal);
        });
  }

  private static Finding vouchersWithinUses(Books books) {
    var confirmed = confirmedUses(books);
    return Finding.each(
        books.money().vouchers(),
        voucher -> {
          long uses = confirmed.getOrDefault(voucher.code(), 0L);
          return voucher.redeemed() == uses && voucher.redeemed() <= voucher.uses()
              ? null
              : "%d confirmed orders, but %s".formatted(uses, voucher);
        });
  }

  /** How many confirmed orders named each voucher. */
  static Map<String, Long> confirmedUses(Books books) {
    var confirmed = new HashMap<String, Long>();
    for (var order : books.trade().orders()) {
      var basket = books.told().baskets().get(order.orderId());
      String code = basket == null ? null : basket.voucher();
      if (code != null && order.isConfirmed()) {
        confirmed.merge(code, 1L, Long::sum);
      }
    }
    return confirmed;
  }

  /** Where nobody can do without a use that he was given, none is left over either. */
  static Finding vouchersUsedUp(Books books) {
    return Finding.each(
        books.money().vouchers(),
        (Voucher voucher) -> {
          long wanted =
              books.told().baskets().values().stream()
                  .filter(basket -> voucher.code().equals(basket.voucher()))
                  .count();
          long due = Math.min(wanted, voucher.uses());
          return voucher.redeemed() == due
              ? null
              : "%d orders wanted it, %d may use it, but %s".formatted(wanted, due, voucher);
        });
  }

  private static Finding topUpsTakenOnce(Books books) {
    var intents = byWhatTheyAreFor(books.provider().intents());
    return Finding.each(
        books.money().topUps(),
        topUp -> {
          var taken =
              intents.getOrDefault(topUp.topUpId(), List.of()).stream()
                  .filter(intent -> intent.status().equals("succeeded"))
                  .toList();
          boolean right =
              topUp.state().equals("SUCCEEDED")
                  ? isOnce(taken, topUp.amountMinor())
                  : taken.isEmpty();
          return right ? null : "%s, but at the provider %s".formatted(topUp, taken);
        });
  }
}
