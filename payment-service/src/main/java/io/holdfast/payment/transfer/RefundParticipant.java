package io.holdfast.payment.transfer;

import io.holdfast.contracts.Code;
import io.holdfast.contracts.ParticipantContract;
import io.holdfast.contracts.Reason;
import io.holdfast.contracts.SagaId;
import io.holdfast.contracts.payment.PaymentContract;
import io.holdfast.contracts.payment.RefundPayment;
import io.holdfast.messaging.TraceParent;
import io.holdfast.participant.CancelOutcome;
import io.holdfast.participant.ConfirmOutcome;
import io.holdfast.participant.Participant;
import io.holdfast.participant.Reservations;
import io.holdfast.participant.TryOutcome;
import io.holdfast.payment.card.PaymentStore;
import io.holdfast.payment.card.RefundablePayment;
import io.holdfast.payment.provider.TransferKind;
import io.holdfast.payment.provider.TransferOrder;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Stream;

/** Refunds of card payments as a step of a saga: set aside, then given back. */
final class RefundParticipant implements Participant<RefundPayment, TransferHold> {

  private final PaymentStore payments;
  private final TransferStore transfers;
  private final TransferWorker worker;
  private final Counter exceedingPrevented;

  RefundParticipant(
      PaymentStore payments,
      TransferStore transfers,
      TransferWorker worker,
      MeterRegistry metrics) {
    this.payments = payments;
    this.transfers = transfers;
    this.worker = worker;
    this.exceedingPrevented = metrics.counter("payment.refund.exceeding.prevented");
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
    return new Batch(refundable, new DecidedTransfers(refunds, transfers, worker));
  }

  /** The refunds of one batch of commands, and the payments that they are of. */
  private final class Batch implements Reservations<RefundPayment, TransferHold> {

    private final Map<UUID, RefundablePayment> refundable = new TreeMap<>();
    private final Map<UUID, Long> setAside = new TreeMap<>();
    private final DecidedTransfers refunds;

    Batch(Collection<RefundablePayment> locked, DecidedTransfers refunds) {
      locked.forEach(payment -> refundable.put(payment.sagaId(), payment));
      this.refunds = refunds;
    }

    @Override
    public TryOutcome<TransferHold> hold(SagaId saga, RefundPayment request) {
      if (request.amountMinor() < 1) {
        return refused(Code.INVALID_REQUEST, "amountMinor must be at least 1");
      }
      var payment = request.paymentId() == null ? null : refundable.get(request.paymentId());
      if (payment == null) {
        return refused(Code.UNKNOWN_PAYMENT, "there is no such payment");
      }
      String providerId = payment.providerId();
      if (payment.capturedMinor() == 0 || providerId == null) {
        return refused(
            Code.PAYMENT_NOT_CAPTURED, "the payment was not captured: nothing to refund");
      }
      if (!payment.currency().equals(request.currency())) {
        return refused(Code.CURRENCY_MISMATCH, "the payment is in " + payment.currency());
      }
      if (request.amountMinor() > payment.leftMinor()) {
        exceedingPrevented.increment();
        return refused(
            Code.REFUND_EXCEEDS_PAYMENT,
            "%d %s of the payment are left to refund, not %d"
                .formatted(payment.leftMinor(), payment.currency(), request.amountMinor()));
      }
      aside(payment.sagaId(), request.amountMinor());
      refunds.add(
          Transfer.of(
              new TransferOrder(
                  TransferKind.REFUND,
                  saga.value(),
                  payment.sagaId(),
                  request.amountMinor(),
                  payment.currency(),
                  providerId),
              TraceParent.random().value()));
      return new TryOutcome.Held<>(new TransferHold(saga.value(), payment.sagaId()), null);
    }

    private static TryOutcome<TransferHold> refused(Code code, String detail) {
      return new TryOutcome.Refused<>(Reason.of(code, detail));
    }

    private void aside(UUID payment, long amountMinor) {
      refundable.computeIfPresent(payment, (_, known) -> known.withAside(amountMinor));
      setAside.merge(payment, amountMinor, Long::sum);
    }

    @Override
    public ConfirmOutcome confirm(SagaId saga, TransferHold hold) {
      return refunds.confirm(hold.id());
    }

    @Override
    public CancelOutcome cancel(SagaId saga, TransferHold hold) {
      refunds.cancel(hold.id()).ifPresent(dropped -> aside(hold.subject(), -dropped.amountMinor()));
      return new CancelOutcome.Cancelled();
    }

    @Override
    public void save() {
      payments.refund(
          setAside.entrySet().stream()
              .filter(change -> change.getValue() != 0)
              .map(change -> new PaymentStore.Refunded(change.getKey(), change.getValue(), 0))
              .toList());
      refunds.save();
    }
  }
}
