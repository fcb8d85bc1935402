package io.holdfast.wallet;

import io.holdfast.messaging.AfterCommit;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Counts what happens to wallets, once the transaction has committed in which it does. The names
 * are those that alerts and dashboards read.
 */
final class WalletMetrics {

  private static final String RACE_PREVENTED = "wallet.race.prevented";

  private final MeterRegistry registry;
  private final Counter insufficientBalance;
  private final Counter lowBalance;
  private final Counter quotaLow;
  private final Counter conservationFailures;
  private final Counter abnormalUses;
  private final Timer lockWait;

  WalletMetrics(MeterRegistry registry) {
    this.registry = registry;
    insufficientBalance = registry.counter("wallet.insufficient.balance");
    lowBalance = registry.counter("wallet.low.balance");
    quotaLow = registry.counter("wallet.quota.low");
    conservationFailures = registry.counter("wallet.conservation.check.failures");
    abnormalUses = registry.counter("wallet.abnormal.use");
    lockWait = registry.timer("wallet.lock.wait");
    // From the start, so that an alert on their rate sees the first one.
    for (var what : List.of("credit", "charge", "withdrawal", "refund", "voucher", "hold")) {
      registry.counter(RACE_PREVENTED, "what", what);
    }
    FunctionCounter.builder(RACE_PREVENTED, registry, WalletMetrics::batchesRedone)
        .tag("what", "batch")
        .register(registry);
  }

  /** Batches whose guarded writes found that another transaction had come first. */
  private static double batchesRedone(MeterRegistry registry) {
    return registry.find("inbox.batch.redone").tag("consumer", "wallet").counters().stream()
        .mapToDouble(Counter::count)
        .sum();
  }

  /** Somebody wanted to spend what is not there. */
  void insufficientBalance() {
    count(insufficientBalance, 1);
  }

  /**
   * Somebody did a second time, or too late, what happens once.
   *
   * @param what credit, charge, withdrawal, refund, voucher or hold
   */
  void racePrevented(String what) {
    count(registry.counter(RACE_PREVENTED, "what", what), 1);
  }

  /** Wallets have fallen below the limit. */
  void becameLow(int count) {
    count(lowBalance, count);
  }

  /** Wallets were flagged for paying too often or too much. */
  void abnormalUses(int count) {
    count(abnormalUses, count);
  }

  void held(HoldState state) {
    count(registry.counter("wallet.holds", "state", state.name()), 1);
  }

  /** A month's quota changed: counted when less than a fifth of it is left for the first time. */
  void quotaChanged(long allowance, long freeBefore, long freeAfter) {
    if (freeBefore * 5 >= allowance && freeAfter * 5 < allowance) {
      count(quotaLow, 1);
    }
  }

  void voucherRefused(String code) {
    count(registry.counter("wallet.voucher.refused", "code", code), 1);
  }

  /**
   * @param paid by quota, by balance or not at all
   */
  void charged(String paid) {
    count(registry.counter("wallet.charges", "paid", paid), 1);
  }

  void withdrawal(WithdrawalState state) {
    count(registry.counter("wallet.withdrawals", "state", state.name()), 1);
  }

  /** Totals that are not what their entries say. */
  void conservationFailures(int count) {
    count(conservationFailures, count);
  }

  private static void count(Counter counter, int times) {
    AfterCommit.run(() -> counter.increment(times));
  }

  /** How long somebody waited for wallets that others had locked, their reading included. */
  <T> T lockWait(Supplier<T> locking) {
    long start = System.nanoTime();
    try {
      return locking.get();
    } finally {
      lockWait.record(System.nanoTime() - start, TimeUnit.NANOSECONDS);
    }
  }
}
