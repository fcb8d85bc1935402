package io.holdfast.payment.transfer;

import io.holdfast.contracts.Code;
import io.holdfast.contracts.ParticipantContract;
import io.holdfast.contracts.Reason;
import io.holdfast.contracts.SagaId;
import io.holdfast.contracts.payment.PaymentContract;
import io.holdfast.contracts.payment.PreparePayout;
import io.holdfast.messaging.TraceParent;
import io.holdfast.participant.CancelOutcome;
import io.holdfast.participant.ConfirmOutcome;
import io.holdfast.participant.Participant;
import io.holdfast.participant.Reservations;
import io.holdfast.participant.TryOutcome;
import io.holdfast.payment.provider.TransferKind;
import io.holdfast.payment.provider.TransferOrder;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;

/** Payouts as a step of a saga: recorded, then sent. */
final class PayoutParticipant implements Participant<PreparePayout, TransferHold> {

  private static final Pattern CURRENCY = Pattern.compile("[A-Z]{3}");

  private final TransferStore transfers;
  private final TransferWorker worker;

  PayoutParticipant(TransferStore transfers, TransferWorker worker) {
    this.transfers = transfers;
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
    return new Batch(paidOut, new DecidedTransfers(payouts, transfers, worker));
  }

  /** The payouts of one batch of commands. */
  private static final class Batch implements Reservations<PreparePayout, TransferHold> {

    private final Set<UUID> withdrawals;
    private final DecidedTransfers payouts;

    /**
     * @param withdrawals that have a payout, of those that the batch is about
     */
    Batch(Set<UUID> withdrawals, DecidedTransfers payouts) {
      this.withdrawals = new HashSet<>(withdrawals);
      this.payouts = payouts;
    }

    @Override
    public TryOutcome<TransferHold> hold(SagaId saga, PreparePayout request) {
      if (request.amountMinor() < 1) {
        return refused(Code.INVALID_REQUEST, "amountMinor must be at least 1");
      }
      if (request.currency() == null || !CURRENCY.matcher(request.currency()).matches()) {
        return refused(Code.INVALID_REQUEST, "currency must be an ISO 4217 code");
      }
      if (request.withdrawalId() == null
          || request.destination() == null
          || request.destination().isBlank()) {
        return refused(Code.INVALID_REQUEST, "withdrawalId and destination must be given");
      }
      if (!withdrawals.add(request.withdrawalId())) {
        return refused(Code.PAYOUT_EXISTS, "the withdrawal has a payout already");
      }
      payouts.add(
          Transfer.of(
              new TransferOrder(
                  TransferKind.PAYOUT,
                  saga.value(),
                  request.withdrawalId(),
                  request.amountMinor(),
                  request.currency(),
                  request.destination()),
              TraceParent.random().value()));
      return new TryOutcome.Held<>(new TransferHold(saga.value(), request.withdrawalId()), null);
    }

    private static TryOutcome<TransferHold> refused(Code code, String detail) {
      return new TryOutcome.Refused<>(Reason.of(code, detail));
    }

    @Override
    public ConfirmOutcome confirm(SagaId saga, TransferHold hold) {
      return payouts.confirm(hold.id());
    }

    @Override
    public CancelOutcome cancel(SagaId saga, TransferHold hold) {
      payouts.cancel(hold.id());
      return new CancelOutcome.Cancelled();
    }

    @Override
    public void save() {
      payouts.save();
    }
  }
}
