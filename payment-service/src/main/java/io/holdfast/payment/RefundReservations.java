package io.holdfast.payment;

import io.holdfast.contracts.Code;
import io.holdfast.contracts.Reason;
import io.holdfast.contracts.SagaId;
import io.holdfast.contracts.payment.RefundPayment;
import io.holdfast.messaging.TraceParent;
import io.holdfast.participant.CancelOutcome;
import io.holdfast.participant.ConfirmOutcome;
import io.holdfast.participant.Reservations;
import io.holdfast.participant.TryOutcome;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;

/** The refunds of one batch of commands, and the payments that they are of. */
final class RefundReservations implements Reservations<RefundPayment, TransferHold> {

  private final Map<UUID, RefundablePayment> refundable = new TreeMap<>();
  private final Map<UUID, Long> setAside = new TreeMap<>();
  private final DecidedTransfers refunds;
  private final PaymentStore payments;
  private final MeterRegistry metrics;

  RefundReservations(
      Collection<RefundablePayment> locked,
      DecidedTransfers refunds,
      PaymentStore payments,
      MeterRegistry metrics) {
    locked.forEach(payment -> refundable.put(payment.sagaId(), payment));
    this.refunds = refunds;
    this.payments = payments;
    this.metrics = metrics;
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
      return refused(Code.PAYMENT_NOT_CAPTURED, "the payment was not captured: nothing to refund");
    }
    if (!payment.currency().equals(request.currency())) {
      return refused(Code.CURRENCY_MISMATCH, "the payment is in " + payment.currency());
    }
    if (request.amountMinor() > payment.leftMinor()) {
      metrics.counter("payment.refund.exceeding.prevented").increment();
      return refused(
          Code.REFUND_EXCEEDS_PAYMENT,
          "%d %s of the payment are left to refund, not %d"
              .formatted(payment.leftMinor(), payment.currency(), request.amountMinor()));
    }
    aside(payment.sagaId(), request.amountMinor());
    refunds.add(
        Transfer.of(
            TransferKind.REFUND,
            saga.value(),
            payment.sagaId(),
            request.amountMinor(),
            payment.currency(),
            providerId,
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
    payments.setAside(
        setAside.entrySet().stream()
            .filter(change -> change.getValue() != 0)
            .map(change -> new PaymentStore.SetAside(change.getKey(), change.getValue()))
            .toList());
    refunds.save();
  }
}
