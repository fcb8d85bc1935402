package io.holdfast.wallet;

import io.holdfast.contracts.Reason;
import io.holdfast.contracts.SagaId;
import io.holdfast.contracts.wallet.BalanceHeld;
import io.holdfast.contracts.wallet.HoldBalance;
import io.holdfast.participant.CancelOutcome;
import io.holdfast.participant.ConfirmOutcome;
import io.holdfast.participant.Reservations;
import io.holdfast.participant.TryOutcome;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * The wallets that one batch touches. Orders are admitted in their order against what is left; one
 * that is refused leaves what is left to those behind it.
 */
final class WalletReservations implements Reservations<HoldBalance, BalanceHold> {

  private final WalletStore store;
  private final Map<UUID, Wallet> wallets;
  private final List<WalletEntry> entries = new ArrayList<>();

  WalletReservations(WalletStore store, Map<UUID, Wallet> wallets) {
    this.store = store;
    this.wallets = new HashMap<>(wallets);
  }

  @Override
  public TryOutcome<BalanceHold> hold(SagaId saga, HoldBalance request) {
    if (request.amountMinor() < 1) {
      return refused("INVALID_REQUEST", "an amount has at least one minor unit");
    }
    var wallet = wallets.get(request.walletId());
    if (wallet != null && !wallet.currency().equals(request.currency())) {
      return refused(
          "CURRENCY_MISMATCH",
          "the wallet is in %s, not in %s".formatted(wallet.currency(), request.currency()));
    }
    long available = wallet == null ? 0 : wallet.availableMinor();
    if (available < request.amountMinor() && !request.partial()) {
      return refused("INSUFFICIENT_BALANCE", "insufficient balance");
    }
    var hold = new BalanceHold(request.walletId(), Math.min(available, request.amountMinor()));
    move(saga, WalletEntry.Operation.HOLD, hold);
    return new TryOutcome.Held<>(hold, new BalanceHeld(hold.amountMinor()));
  }

  @Override
  public ConfirmOutcome confirm(SagaId saga, BalanceHold hold) {
    move(saga, WalletEntry.Operation.CONFIRM, hold);
    return new ConfirmOutcome.Confirmed();
  }

  @Override
  public CancelOutcome cancel(SagaId saga, BalanceHold hold) {
    move(saga, WalletEntry.Operation.CANCEL, hold);
    return new CancelOutcome.Cancelled();
  }

  @Override
  public void save() {
    store.save(entries);
  }

  /** A hold of nothing moves nothing: its wallet may not even exist. */
  private void move(SagaId saga, WalletEntry.Operation operation, BalanceHold hold) {
    if (hold.amountMinor() == 0) {
      return;
    }
    var entry = WalletEntry.of(saga.value(), operation, hold);
    entries.add(entry);
    wallets.computeIfPresent(hold.walletId(), (_, wallet) -> wallet.plus(entry));
  }

  private static TryOutcome<BalanceHold> refused(String code, String detail) {
    return new TryOutcome.Refused<>(new Reason(code, detail));
  }
}
