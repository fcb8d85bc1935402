package io.holdfast.payment.card;

import io.holdfast.contracts.ParticipantContract;
import io.holdfast.contracts.SagaId;
import io.holdfast.contracts.payment.AuthorizePayment;
import io.holdfast.contracts.payment.PaymentContract;
import io.holdfast.participant.Participant;
import io.holdfast.participant.Reservations;
import java.util.Collection;
import java.util.List;

/** Payments as a step of a saga. Commands only say what is wanted; the worker does it. */
final class PaymentParticipant implements Participant<AuthorizePayment, PaymentHold> {

  private final PaymentStore store;
  private final PaymentWorker worker;

  PaymentParticipant(PaymentStore store, PaymentWorker worker) {
    this.store = store;
    this.worker = worker;
  }

  @Override
  public ParticipantContract<AuthorizePayment> contract() {
    return PaymentContract.PAYMENT;
  }

  @Override
  public Class<PaymentHold> holdType() {
    return PaymentHold.class;
  }

  /** A payment is new with its try, so only those of {@code holds} are there to be loaded. */
  @Override
  public Reservations<AuthorizePayment, PaymentHold> open(
      Collection<AuthorizePayment> tries, Collection<PaymentHold> holds) {
    var sagas = holds.stream().map(hold -> new SagaId(hold.sagaId())).toList();
    return new PaymentReservations(
        sagas.isEmpty() ? List.of() : store.loadLocked(sagas), store, worker);
  }
}
