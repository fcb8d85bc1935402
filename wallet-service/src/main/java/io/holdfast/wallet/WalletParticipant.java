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

  private final WalletStores stores;
  private final LowBalanceNotice lowBalance;
  private final WalletMetrics metrics;

  WalletParticipant(WalletStores stores, LowBalanceNotice lowBalance, WalletMetrics metrics) {
    this.stores = stores;
    this.lowBalance = lowBalance;
    this.metrics = metrics;
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
    var codes = new HashSet<String>();
    var asked = new HashSet<QuotaStore.Of>();
    var held = new HashSet<Quota.Key>();
    for (var request : tries) {
      walletIds.add(request.walletId());
      if (request.voucherCode() != null) {
        codes.add(request.voucherCode());
      }
      request
          .metered()
          .forEach(part -> asked.add(new QuotaStore.Of(request.walletId(), part.service())));
    }
    for (var hold : holds) {
      walletIds.add(hold.walletId());
      if (hold.voucher() != null) {
        codes.add(hold.voucher().code());
      }
      hold.quota()
          .forEach(used -> held.add(new Quota.Key(hold.walletId(), used.service(), used.month())));
    }
    var wallets = stores.wallets().lock(walletIds);
    var vouchers = new Vouchers(stores.vouchers().lock(codes));
    var quotas = new Quotas(stores.quotas().lock(asked, held));
    return new WalletReservations(stores, lowBalance, metrics, wallets, vouchers, quotas);
  }
}
