package io.holdfast.payment;

import io.holdfast.contracts.ParticipantContract;
import io.holdfast.contracts.payment.PaymentContract;
import io.holdfast.contracts.payment.PreparePayout;
import io.holdfast.participant.Participant;
import io.holdfast.participant.Reservations;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;

/** Payouts as a step of a saga: recorded, then sent. */
final class PayoutParticipant implements Participant<PreparePayout, TransferHold> {

  private final TransferStore transfers;
  private final PaymentStore payments;
  private final TransferWorker worker;

  PayoutParticipant(TransferStore transfers, PaymentStore payments, TransferWorker worker) {
    this.transfers = transfers;
    this.payments = payments;
    this.worker = worker;
  }

  @Override
  public ParticipantContract<PreparePayout> contract() {
    return PaymentContract.PAYOUT;
  }

  @Override
  public Class<TransferHold> holdType() {
    return TransferHold.class;
  }

  @Override
  public Reservations<PreparePayout, TransferHold> open(
      Collection<PreparePayout> tries, Collection<TransferHold> holds) {
    var withdrawals =
        tries.stream().map(PreparePayout::withdrawalId).filter(Objects::nonNull).toList();
    var paidOut =
        withdrawals.isEmpty() ? Set.<UUID>of() : transfers.withdrawalsWithPayout(withdrawals);
    var payouts =
        holds.isEmpty()
            ? List.<Transfer>of()
            : transfers.loadLocked(
                TransferKind.PAYOUT, holds.stream().map(TransferHold::id).toList());
    return new PayoutReservations(
        paidOut, new DecidedTransfers(payouts, transfers, payments, worker));
  }
}
