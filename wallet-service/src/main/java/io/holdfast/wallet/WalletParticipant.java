package io.holdfast.wallet;

import io.holdfast.contracts.ParticipantContract;
import io.holdfast.contracts.wallet.HoldBalance;
import io.holdfast.contracts.wallet.WalletContract;
import io.holdfast.participant.Participant;
import io.holdfast.participant.Reservations;
import java.util.Collection;
import java.util.HashSet;
import java.util.UUID;

/** The wallet service's part in a saga: money is set aside, spent or given back. */
final class WalletParticipant implements Participant<HoldBalance, BalanceHold> {

  private final WalletStore store;

  WalletParticipant(WalletStore store) {
    this.store = store;
  }

  @Override
  public ParticipantContract<HoldBalance> contract() {
    return WalletContract.WALLET;
  }

  @Override
  public Class<BalanceHold> holdType() {
    return BalanceHold.class;
  }

  @Override
  public Reservations<HoldBalance, BalanceHold> open(
      Collection<HoldBalance> tries, Collection<BalanceHold> holds) {
    var walletIds = new HashSet<UUID>();
    tries.forEach(request -> walletIds.add(request.walletId()));
    holds.forEach(hold -> walletIds.add(hold.walletId()));
    return new WalletReservations(store, store.lock(walletIds));
  }
}
