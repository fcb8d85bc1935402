package io.holdfast.payment;

import io.holdfast.contracts.ParticipantContract;
import io.holdfast.contracts.payment.PaymentContract;
import io.holdfast.contracts.payment.RefundPayment;
import io.holdfast.participant.Participant;
import io.holdfast.participant.Reservations;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;

/** Refunds of card payments as a step of a saga: set aside, then given back. */
final class RefundParticipant implements Participant<RefundPayment, TransferHold> {

  private final PaymentStore payments;
  private final TransferStore transfers;
  private final TransferWorker worker;
  private final MeterRegistry metrics;

  RefundParticipant(
      PaymentStore payments,
      TransferStore transfers,
      TransferWorker worker,
      MeterRegistry metrics) {
    this.payments = payments;
    this.transfers = transfers;
    this.worker = worker;
    this.metrics = metrics;
  }

  @Override
  public ParticipantContract<RefundPayment> contract() {
    return PaymentContract.CARD_REFUND;
  }

  @Override
  public Class<TransferHold> holdType() {
    return TransferHold.class;
  }

  @Override
  public Reservations<RefundPayment, TransferHold> open(
      Collection<RefundPayment> tries, Collection<TransferHold> holds) {
    var paymentIds =
        Stream.concat(
                tries.stream().map(RefundPayment::paymentId),
                holds.stream().map(TransferHold::subject))
            .distinct()
            .toList();
    var refundable =
        paymentIds.isEmpty() ? List.<RefundablePayment>of() : payments.lockRefundable(paymentIds);
    var refunds =
        holds.isEmpty()
            ? List.<Transfer>of()
            : transfers.loadLocked(
                TransferKind.REFUND, holds.stream().map(TransferHold::id).toList());
    return new RefundReservations(
        refundable, new DecidedTransfers(refunds, transfers, payments, worker), payments, metrics);
  }
}
