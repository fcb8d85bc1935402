package io.holdfast.wallet;

import io.holdfast.contracts.ParticipantContract;
import io.holdfast.contracts.wallet.HoldWithdrawal;
import io.holdfast.contracts.wallet.WalletContract;
import io.holdfast.participant.Participant;
import io.holdfast.participant.Reservations;
import java.util.Collection;
import java.util.HashSet;
import java.util.UUID;

/** The wallet service's part in a withdrawal's saga: its money is paid out or given back. */
final class WithdrawalParticipant implements Participant<HoldWithdrawal, WithdrawalHold> {

  private final WalletStore wallets;
  private final WithdrawalStore withdrawals;
  private final WalletMetrics metrics;

  WithdrawalParticipant(WalletStore wallets, WithdrawalStore withdrawals, WalletMetrics metrics) {
    this.wallets = wallets;
    this.withdrawals = withdrawals;
    this.metrics = metrics;
  }

  @Override
  public ParticipantContract<HoldWithdrawal> contract() {
    return WalletContract.WITHDRAWAL;
  }

  @Override
  public Class<WithdrawalHold> holdType() {
    return WithdrawalHold.class;
  }

  /** Wallets first, as everywhere; a try moves no money and needs none. */
  @Override
  public Reservations<HoldWithdrawal, WithdrawalHold> open(
      Collection<HoldWithdrawal> tries, Collection<WithdrawalHold> holds) {
    var walletIds = new HashSet<UUID>();
    var withdrawalIds = new HashSet<UUID>();
    tries.forEach(request -> withdrawalIds.add(request.withdrawalId()));
    for (var hold : holds) {
      walletIds.add(hold.walletId());
      withdrawalIds.add(hold.withdrawalId());
    }
    wallets.lock(walletIds);
    return new WithdrawalReservations(
        wallets, withdrawals, withdrawals.lock(withdrawalIds), metrics);
  }
}
