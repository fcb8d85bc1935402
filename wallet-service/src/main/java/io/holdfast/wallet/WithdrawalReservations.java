package io.holdfast.wallet;

import static io.holdfast.wallet.WithdrawalState.APPROVED;
import static io.holdfast.wallet.WithdrawalState.FAILED;
import static io.holdfast.wallet.WithdrawalState.PAID;
import static io.holdfast.wallet.WithdrawalState.PAYING;

import io.holdfast.contracts.Code;
import io.holdfast.contracts.Reason;
import io.holdfast.contracts.SagaId;
import io.holdfast.contracts.wallet.HoldWithdrawal;
import io.holdfast.participant.CancelOutcome;
import io.holdfast.participant.ConfirmOutcome;
import io.holdfast.participant.Reservations;
import io.holdfast.participant.TryOutcome;
import io.holdfast.wallet.WalletEntry.Operation;
import io.holdfast.wallet.WithdrawalStore.Move;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** The withdrawals that one batch touches. Their money is held already: a saga only ends them. */
final class WithdrawalReservations implements Reservations<HoldWithdrawal, WithdrawalHold> {

  private final WalletStore wallets;
  private final WithdrawalStore withdrawals;
  private final Map<UUID, Withdrawal> locked;
  private final Map<UUID, WithdrawalState> states = new HashMap<>();
  private final Map<UUID, Move> moves = new LinkedHashMap<>();
  private final List<WalletEntry> entries = new ArrayList<>();
  private final WalletMetrics metrics;

  WithdrawalReservations(
      WalletStore wallets,
      WithdrawalStore withdrawals,
      Map<UUID, Withdrawal> locked,
      WalletMetrics metrics) {
    this.wallets = wallets;
    this.withdrawals = withdrawals;
    this.locked = locked;
    this.metrics = metrics;
    locked.forEach((id, withdrawal) -> states.put(id, withdrawal.state()));
  }

  @Override
  public TryOutcome<WithdrawalHold> hold(SagaId saga, HoldWithdrawal request) {
    var withdrawal = locked.get(request.withdrawalId());
    if (withdrawal == null) {
      return refused(Code.UNKNOWN_WITHDRAWAL, "there is no such withdrawal");
    }
    if (states.get(withdrawal.withdrawalId()) != APPROVED) {
      metrics.racePrevented("withdrawal");
      return refused(
          Code.WITHDRAWAL_NOT_APPROVED, "the withdrawal is not one that was just approved");
    }
    move(withdrawal.withdrawalId(), PAYING);
    var hold =
        new WithdrawalHold(
            withdrawal.withdrawalId(), withdrawal.walletId(), withdrawal.amountMinor());
    return new TryOutcome.Held<>(hold, null);
  }

  @Override
  public ConfirmOutcome confirm(SagaId saga, WithdrawalHold hold) {
    end(hold, PAID, Operation.WITHDRAWAL_PAID);
    return new ConfirmOutcome.Confirmed();
  }

  @Override
  public CancelOutcome cancel(SagaId saga, WithdrawalHold hold) {
    end(hold, FAILED, Operation.WITHDRAWAL_BACK);
    return new CancelOutcome.Cancelled();
  }

  private void end(WithdrawalHold hold, WithdrawalState to, Operation operation) {
    if (states.get(hold.withdrawalId()) != PAYING) {
      throw new IllegalStateException(
          "withdrawal %s is %s, not under way"
              .formatted(hold.withdrawalId(), states.get(hold.withdrawalId())));
    }
    move(hold.withdrawalId(), to);
    entries.add(
        new WalletEntry(hold.withdrawalId(), operation, hold.walletId(), hold.amountMinor()));
  }

  /** One write for each withdrawal, however many of its commands a batch carries. */
  private void move(UUID withdrawalId, WithdrawalState to) {
    var from = states.put(withdrawalId, to);
    if (from == null) {
      throw new IllegalStateException("a withdrawal that is not locked: " + withdrawalId);
    }
    moves.merge(
        withdrawalId,
        new Move(withdrawalId, from, to),
        (first, last) -> new Move(withdrawalId, first.from(), last.to()));
    metrics.withdrawal(to);
  }

  @Override
  public void save() {
    withdrawals.move(List.copyOf(moves.values()));
    wallets.save(entries);
  }

  private static TryOutcome<WithdrawalHold> refused(Code code, String detail) {
    return new TryOutcome.Refused<>(Reason.of(code, detail));
  }
}
