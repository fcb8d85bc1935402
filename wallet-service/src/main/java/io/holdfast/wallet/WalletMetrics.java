package io.holdfast.wallet;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.function.Supplier;

/** Counts what happens to wallets. The names are those that alerts and dashboards read. */
final class WalletMetrics {

  private final MeterRegistry registry;
  private final long lowBalanceMinor;
  private final Counter insufficientBalance;
  private final Counter lowBalance;
  private final Counter quotaLow;
  private final Counter conservationFailures;
  private final Timer lockWait;

  /**
   * @param lowBalanceMinor a wallet with less is low, in minor units
   */
  WalletMetrics(MeterRegistry registry, long lowBalanceMinor) {
    this.registry = registry;
    this.lowBalanceMinor = lowBalanceMinor;
    insufficientBalance = registry.counter("wallet.insufficient.balance");
    lowBalance = registry.counter("wallet.low.balance");
    quotaLow = registry.counter("wallet.quota.low");
    conservationFailures = registry.counter("wallet.conservation.check.failures");
    lockWait = registry.timer("wallet.lock.wait");
  }

  /** Somebody wanted to spend what is not there. */
  void insufficientBalance() {
    insufficientBalance.increment();
  }

  /**
   * Somebody did a second time, or too late, what happens once.
   *
   * @param what credit, charge, withdrawal, refund or voucher
   */
  void racePrevented(String what) {
    registry.counter("wallet.race.prevented", "what", what).increment();
  }

  /** A wallet's available money changed: counted when it falls below the limit. */
  void balanceChanged(long beforeMinor, long afterMinor) {
    if (beforeMinor >= lowBalanceMinor && afterMinor < lowBalanceMinor) {
      lowBalance.increment();
    }
  }

  /** A month's quota changed: counted when less than a fifth of it is left for the first time. */
  void quotaChanged(long allowance, long freeBefore, long freeAfter) {
    if (freeBefore * 5 >= allowance && freeAfter * 5 < allowance) {
      quotaLow.increment();
    }
  }

  void voucherRefused(String code) {
    registry.counter("wallet.voucher.refused", "code", code).increment();
  }

  /**
   * @param paid by quota, by balance or not at all
   */
  void charged(String paid) {
    registry.counter("wallet.charges", "paid", paid).increment();
  }

  void withdrawal(WithdrawalState state) {
    registry.counter("wallet.withdrawals", "state", state.name()).increment();
  }

  /** Totals that are not what their entries say. */
  void conservationFailures(int count) {
    conservationFailures.increment(count);
  }

  /** How long somebody waited for wallets that others had locked, their reading included. */
  <T> T lockWait(Supplier<T> locking) {
    long start = System.nanoTime();
    try {
      return locking.get();
    } finally {
      lockWait.record(System.nanoTime() - start, java.util.concurrent.TimeUnit.NANOSECONDS);
    }
  }
}
