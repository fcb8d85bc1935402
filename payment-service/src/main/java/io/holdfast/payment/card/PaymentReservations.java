package io.holdfast.payment.card;

import io.holdfast.contracts.Code;
import io.holdfast.contracts.Reason;
import io.holdfast.contracts.SagaId;
import io.holdfast.contracts.payment.AuthorizePayment;
import io.holdfast.participant.CancelOutcome;
import io.holdfast.participant.ConfirmOutcome;
import io.holdfast.participant.Reservations;
import io.holdfast.participant.TryOutcome;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** The payments of one batch of commands. */
final class PaymentReservations implements Reservations<AuthorizePayment, PaymentHold> {

  private static final Pattern CURRENCY = Pattern.compile("[A-Z]{3}");

  private final Map<SagaId, Payment> payments = new HashMap<>();
  private final Set<SagaId> added = new HashSet<>();
  private final Set<SagaId> changed = new HashSet<>();
  private final PaymentStore store;
  private final PaymentWorker worker;

  PaymentReservations(Collection<Payment> loaded, PaymentStore store, PaymentWorker worker) {
    loaded.forEach(payment -> payments.put(payment.sagaId(), payment));
    this.store = store;
    this.worker = worker;
  }

  @Override
  public TryOutcome<PaymentHold> hold(SagaId saga, AuthorizePayment request) {
    if (request.amountMinor() < 1) {
      return refused("amountMinor must be at least 1");
    }
    if (request.currency() == null || !CURRENCY.matcher(request.currency()).matches()) {
      return refused("currency must be an ISO 4217 code");
    }
    if (request.paymentMethod() == null || request.paymentMethod().isBlank()) {
      return refused("paymentMethod must name a card");
    }
    payments.put(
        saga,
        Payment.requested(
            saga, request.amountMinor(), request.currency(), request.paymentMethod()));
    added.add(saga);
    return new TryOutcome.Pending<>(new PaymentHold(saga.value()));
  }

  private static TryOutcome<PaymentHold> refused(String detail) {
    return new TryOutcome.Refused<>(Reason.of(Code.INVALID_REQUEST, detail));
  }

  @Override
  public ConfirmOutcome confirm(SagaId saga, PaymentHold hold) {
    var payment = want(saga, Wanted.CAPTURED);
    return switch (payment.verdict()) {
      case Payment.Verdict.Confirmed _ -> new ConfirmOutcome.Confirmed();
      case Payment.Verdict.CaptureDeclined(Reason reason) -> new ConfirmOutcome.Declined(reason);
      case Payment.Verdict.None _,
          Payment.Verdict.Tried _,
          Payment.Verdict.Refused _,
          Payment.Verdict.Cancelled _ ->
          new ConfirmOutcome.Pending();
    };
  }

  @Override
  public CancelOutcome cancel(SagaId saga, PaymentHold hold) {
    return want(saga, Wanted.VOIDED).verdict() instanceof Payment.Verdict.Cancelled
        ? new CancelOutcome.Cancelled()
        : new CancelOutcome.Pending();
  }

  private Payment want(SagaId saga, Wanted wanted) {
    var payment = payments.get(saga);
    if (payment == null) {
      throw new IllegalStateException("no payment of saga " + saga + ", though its fence has one");
    }
    var wanting = payment.wanting(wanted);
    payments.put(saga, wanting);
    if (!added.contains(saga)) {
      changed.add(saga);
    }
    return wanting;
  }

  @Override
  public void save() {
    store.insert(inOrder(added));
    var wanting = inOrder(changed);
    store.updateWanted(wanting);
    worker.giveBack(wanting);
    if (!added.isEmpty() || !changed.isEmpty()) {
      worker.wakeUp();
    }
  }

  private List<Payment> inOrder(Set<SagaId> sagas) {
    return payments.values().stream()
        .filter(payment -> sagas.contains(payment.sagaId()))
        .sorted((a, b) -> a.sagaId().compareTo(b.sagaId()))
        .toList();
  }
}
