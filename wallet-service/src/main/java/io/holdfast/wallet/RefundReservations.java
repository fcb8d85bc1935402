package io.holdfast.wallet;

import io.holdfast.contracts.Code;
import io.holdfast.contracts.Reason;
import io.holdfast.contracts.SagaId;
import io.holdfast.contracts.wallet.RefundToWallet;
import io.holdfast.participant.CancelOutcome;
import io.holdfast.participant.ConfirmOutcome;
import io.holdfast.participant.Reservations;
import io.holdfast.participant.TryOutcome;
import io.holdfast.wallet.Refund.State;
import io.holdfast.wallet.WalletEntry.Operation;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The refunds that one batch touches: the first saga of a reference takes it, others are refused.
 */
final class RefundReservations implements Reservations<RefundToWallet, RefundHold> {

  private static final Pattern CURRENCY = Pattern.compile("[A-Z]{3}");
  private static final int LONGEST_REFERENCE = 100;

  private final WalletStore wallets;
  private final RefundStore refunds;
  private final Map<UUID, Wallet> locked;
  private final Map<RefundHold.Key, Refund> stored;
  private final Map<RefundHold.Key, Refund> current;
  private final Map<RefundHold.Key, Refund> written = new LinkedHashMap<>();
  private final List<WalletEntry> entries = new ArrayList<>();
  private final WalletMetrics metrics;

  RefundReservations(
      WalletStore wallets,
      RefundStore refunds,
      Map<UUID, Wallet> locked,
      Map<RefundHold.Key, Refund> stored,
      WalletMetrics metrics) {
    this.wallets = wallets;
    this.refunds = refunds;
    this.locked = locked;
    this.stored = stored;
    this.current = new HashMap<>(stored);
    this.metrics = metrics;
  }

  static boolean isValid(RefundToWallet request) {
    return request.amountMinor() > 0
        && isReference(request.referenceType())
        && isReference(request.referenceId())
        && CURRENCY.matcher(request.currency()).matches();
  }

  private static boolean isReference(@Nullable String text) {
    return text != null && !text.isEmpty() && text.length() <= LONGEST_REFERENCE;
  }

  static RefundHold.Key key(RefundToWallet request) {
    return new RefundHold.Key(request.walletId(), request.referenceType(), request.referenceId());
  }

  @Override
  public TryOutcome<RefundHold> hold(SagaId saga, RefundToWallet request) {
    if (!isValid(request)) {
      return refused(
          Code.INVALID_REQUEST,
          "a refund has an amount, a currency and a reference of at most "
              + LONGEST_REFERENCE
              + " characters");
    }
    var wallet = locked.get(request.walletId());
    if (wallet != null && !wallet.currency().equals(request.currency())) {
      return refused(
          Code.CURRENCY_MISMATCH,
          "the wallet is in %s, not in %s".formatted(wallet.currency(), request.currency()));
    }
    var known = current.get(key(request));
    if (known != null && known.state() != State.CANCELLED) {
      metrics.racePrevented("refund");
      return refused(
          Code.ALREADY_REFUNDED,
          "%s %s has been refunded".formatted(request.referenceType(), request.referenceId()));
    }
    put(new Refund(key(request), saga.value(), request.amountMinor(), State.PREPARED));
    return new TryOutcome.Held<>(new RefundHold(key(request), request.amountMinor()), null);
  }

  @Override
  public ConfirmOutcome confirm(SagaId saga, RefundHold hold) {
    put(prepared(saga, hold).in(State.PAID));
    entries.add(
        new WalletEntry(saga.value(), Operation.REFUND, hold.key().walletId(), hold.amountMinor()));
    return new ConfirmOutcome.Confirmed();
  }

  @Override
  public CancelOutcome cancel(SagaId saga, RefundHold hold) {
    put(prepared(saga, hold).in(State.CANCELLED));
    return new CancelOutcome.Cancelled();
  }

  private Refund prepared(SagaId saga, RefundHold hold) {
    var refund = current.get(hold.key());
    if (refund == null
        || refund.state() != State.PREPARED
        || !refund.sagaId().equals(saga.value())) {
      throw new IllegalStateException(
          "saga %s does not hold the refund %s: %s".formatted(saga, hold.key(), refund));
    }
    return refund;
  }

  private void put(Refund refund) {
    current.put(refund.key(), refund);
    written.put(refund.key(), refund);
  }

  @Override
  public void save() {
    var added = new ArrayList<>(written.values());
    added.removeIf(refund -> stored.containsKey(refund.key()));
    var changed = new ArrayList<>(written.values());
    changed.removeIf(refund -> !stored.containsKey(refund.key()));
    refunds.save(added, changed);
    wallets.save(entries);
  }

  private static TryOutcome<RefundHold> refused(Code code, String detail) {
    return new TryOutcome.Refused<>(Reason.of(code, detail));
  }
}
