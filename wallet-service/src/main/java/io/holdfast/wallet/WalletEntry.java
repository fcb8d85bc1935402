package io.holdfast.wallet;

import java.util.UUID;

/**
 * One movement in one wallet's books: from the debited to the credited account.
 *
 * @param causeId the saga, or the credit, charge, withdrawal or hold; has each operation at most
 *     once
 * @param operation what happened
 * @param walletId whose books
 * @param amountMinor in minor units of the wallet's currency, at least 1
 */
record WalletEntry(UUID causeId, Operation operation, UUID walletId, long amountMinor) {

  /** What moves money, and between which accounts. */
  enum Operation {
    HOLD(Account.AVAILABLE, Account.HELD),
    CONFIRM(Account.HELD, Account.SPENT),
    CANCEL(Account.HELD, Account.AVAILABLE),
    CREDIT(Account.CREDITS, Account.AVAILABLE),
    REFUND(Account.REFUNDS, Account.AVAILABLE),
    CHARGE(Account.AVAILABLE, Account.SPENT),
    WITHDRAWAL_HOLD(Account.AVAILABLE, Account.HELD),
    WITHDRAWAL_PAID(Account.HELD, Account.WITHDRAWN),
    WITHDRAWAL_BACK(Account.HELD, Account.AVAILABLE),
    VOUCHER_HOLD(Account.VOUCHERS, Account.VOUCHER_HELD),
    VOUCHER_CONFIRM(Account.VOUCHER_HELD, Account.VOUCHER_SPENT),
    VOUCHER_CANCEL(Account.VOUCHER_HELD, Account.VOUCHERS);

    private final Account debit;
    private final Account credit;

    Operation(Account debit, Account credit) {
      this.debit = debit;
      this.credit = credit;
    }

    Account debit() {
      return debit;
    }

    Account credit() {
      return credit;
    }
  }
}
