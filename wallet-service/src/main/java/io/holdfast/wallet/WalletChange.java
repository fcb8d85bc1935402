package io.holdfast.wallet;

import java.util.UUID;

/** What entries change in the totals of one wallet, in minor units. */
record WalletChange(
    UUID walletId,
    long available,
    long held,
    long spent,
    long withdrawn,
    long credited,
    long refunded) {

  static WalletChange of(WalletEntry entry) {
    return new WalletChange(
        entry.walletId(),
        balance(entry, Account.AVAILABLE),
        balance(entry, Account.HELD),
        balance(entry, Account.SPENT),
        balance(entry, Account.WITHDRAWN),
        -balance(entry, Account.CREDITS),
        -balance(entry, Account.REFUNDS));
  }

  private static long balance(WalletEntry entry, Account account) {
    var operation = entry.operation();
    if (operation.credit() == account) {
      return entry.amountMinor();
    }
    return operation.debit() == account ? -entry.amountMinor() : 0;
  }

  WalletChange plus(WalletChange other) {
    return new WalletChange(
        walletId,
        available + other.available,
        held + other.held,
        spent + other.spent,
        withdrawn + other.withdrawn,
        credited + other.credited,
        refunded + other.refunded);
  }

  boolean isNothing() {
    return available == 0
        && held == 0
        && spent == 0
        && withdrawn == 0
        && credited == 0
        && refunded == 0;
  }
}
