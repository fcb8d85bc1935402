package io.holdfast.wallet;

import io.holdfast.contracts.ParticipantContract;
import io.holdfast.contracts.wallet.RefundToWallet;
import io.holdfast.contracts.wallet.WalletContract;
import io.holdfast.participant.Participant;
import io.holdfast.participant.Reservations;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.UUID;

/** The wallet service's part in a refund: money comes back, once for each reference. */
final class RefundParticipant implements Participant<RefundToWallet, RefundHold> {

  private final WalletStore wallets;
  private final RefundStore refunds;
  private final WalletMetrics metrics;

  RefundParticipant(WalletStore wallets, RefundStore refunds, WalletMetrics metrics) {
    this.wallets = wallets;
    this.refunds = refunds;
    this.metrics = metrics;
  }

  @Override
  public ParticipantContract<RefundToWallet> contract() {
    return WalletContract.WALLET_REFUND;
  }

  @Override
  public Class<RefundHold> holdType() {
    return RefundHold.class;
  }

  /** A refund may be the first money that its wallet sees, so the wallet is opened. */
  @Override
  public Reservations<RefundToWallet, RefundHold> open(
      Collection<RefundToWallet> tries, Collection<RefundHold> holds) {
    var opened = new HashMap<UUID, String>();
    var walletIds = new HashSet<UUID>();
    var keys = new HashSet<RefundHold.Key>();
    for (var request : tries) {
      if (RefundReservations.isValid(request)) {
        opened.putIfAbsent(request.walletId(), request.currency());
        walletIds.add(request.walletId());
        keys.add(RefundReservations.key(request));
      }
    }
    for (var hold : holds) {
      walletIds.add(hold.key().walletId());
      keys.add(hold.key());
    }
    wallets.open(opened);
    return new RefundReservations(
        wallets, refunds, wallets.lock(walletIds), refunds.lock(keys), metrics);
  }
}
