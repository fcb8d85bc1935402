package io.holdfast.wallet;

import io.holdfast.wallet.LedgerReader.Compared;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.scheduling.annotation.Scheduled;

/**
 * Rebuilds totals from the entries and compares. On line it goes round, a page of wallets at a
 * time, and takes a hundredth of the time at most; asked for, it checks everything in one go.
 */
class LedgerCheck {

  private static final Logger log = LoggerFactory.getLogger(LedgerCheck.class);
  private static final int MOST_DIFFERENCES = 100;
  private static final long IDLE_SHARE = 99;

  private final LedgerReader ledger;
  private final WalletProperties.LedgerCheckSettings settings;
  private final WalletMetrics metrics;
  private @Nullable UUID next;
  private long notBeforeNanos = System.nanoTime();

  LedgerCheck(
      LedgerReader ledger, WalletProperties.LedgerCheckSettings settings, WalletMetrics metrics) {
    this.ledger = ledger;
    this.settings = settings;
    this.metrics = metrics;
  }

  /**
   * What a check found.
   *
   * @param wallets how many were checked
   * @param entries how many they have
   * @param balances what the entries add up to, by currency and account, in minor units
   * @param differences what is not as the entries say; at most the first hundred
   * @param complete whether all were checked before the time was over
   * @param next to go on with, if not
   */
  record Result(
      long wallets,
      long entries,
      Map<String, Map<Account, Long>> balances,
      List<Difference> differences,
      boolean complete,
      @Nullable UUID next) {}

  /**
   * Something whose totals are not what its entries say.
   *
   * @param what wallet, voucher or quota
   * @param stored the wallet as its row says; null for others
   * @param rebuilt the wallet as its entries say; null for others
   */
  record Difference(String what, String id, @Nullable Wallet stored, @Nullable Wallet rebuilt) {}

  /** Rebuilds all wallets behind {@code after}, then vouchers and quotas. */
  Result check(@Nullable UUID after) {
    long end = System.nanoTime() + settings.longest().toNanos();
    var differences = new ArrayList<Difference>();
    var balances = new TreeMap<String, Map<Account, Long>>();
    long wallets = 0;
    long entries = 0;
    var last = after;
    while (true) {
      var page = ledger.compare(last, settings.page());
      for (var compared : page) {
        wallets++;
        entries += compared.entries();
        add(balances, compared.rebuilt());
      }
      differences.addAll(differing(page));
      if (page.size() < settings.page()) {
        differences.addAll(others());
        return new Result(wallets, entries, balances, first(differences), true, null);
      }
      last = page.getLast().stored().walletId();
      if (System.nanoTime() - end > 0) {
        return new Result(wallets, entries, balances, first(differences), false, last);
      }
    }
  }

  private static List<Difference> first(List<Difference> differences) {
    return List.copyOf(differences.subList(0, Math.min(MOST_DIFFERENCES, differences.size())));
  }

  private static void add(Map<String, Map<Account, Long>> balances, Wallet wallet) {
    var accounts = balances.computeIfAbsent(wallet.currency(), _ -> new TreeMap<>());
    accounts.merge(Account.AVAILABLE, wallet.availableMinor(), Long::sum);
    accounts.merge(Account.HELD, wallet.heldMinor(), Long::sum);
    accounts.merge(Account.SPENT, wallet.spentMinor(), Long::sum);
    accounts.merge(Account.WITHDRAWN, wallet.withdrawnMinor(), Long::sum);
    accounts.merge(Account.CREDITS, wallet.creditedMinor(), Long::sum);
    accounts.merge(Account.REFUNDS, wallet.refundedMinor(), Long::sum);
  }

  private List<Difference> differing(List<Compared> page) {
    var differences =
        page.stream()
            .filter(compared -> !compared.isSame())
            .map(
                compared ->
                    new Difference(
                        "wallet",
                        compared.stored().walletId().toString(),
                        compared.stored(),
                        compared.rebuilt()))
            .toList();
    return reported(differences);
  }

  private List<Difference> others() {
    var differences = new ArrayList<Difference>();
    ledger
        .differingVouchers(MOST_DIFFERENCES)
        .forEach(code -> differences.add(new Difference("voucher", code, null, null)));
    ledger
        .differingQuotas(MOST_DIFFERENCES)
        .forEach(id -> differences.add(new Difference("quota", id, null, null)));
    return reported(differences);
  }

  private List<Difference> reported(List<Difference> differences) {
    if (!differences.isEmpty()) {
      metrics.conservationFailures(differences.size());
      differences.forEach(
          difference ->
              log.error(
                  "the ledger of {} {} does not add up, an operator has to look: {} is stored, its entries say {}",
                  difference.what(),
                  difference.id(),
                  difference.stored(),
                  difference.rebuilt()));
    }
    return differences;
  }

  /** The next page. The longer one takes, the longer the pause behind it. */
  @Scheduled(fixedDelayString = "${holdfast.wallet.ledger-check.every:5s}")
  void checkNextPage() {
    long start = System.nanoTime();
    if (start - notBeforeNanos < 0) {
      return;
    }
    try {
      var page = ledger.compare(next, settings.page());
      differing(page);
      if (page.size() < settings.page()) {
        others();
        next = null;
      } else {
        next = page.getLast().stored().walletId();
      }
    } finally {
      long end = System.nanoTime();
      notBeforeNanos = end + IDLE_SHARE * (end - start);
      log.debug("a page took {}", Duration.ofMillis(TimeUnit.NANOSECONDS.toMillis(end - start)));
    }
  }
}
