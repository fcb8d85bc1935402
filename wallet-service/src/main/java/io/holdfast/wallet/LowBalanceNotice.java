package io.holdfast.wallet;

import io.holdfast.contracts.SagaId;
import io.holdfast.contracts.wallet.LowBalance;
import io.holdfast.contracts.wallet.WalletContract;
import io.holdfast.messaging.Envelope;
import io.holdfast.messaging.Json;
import io.holdfast.messaging.Outbox;
import io.holdfast.messaging.Outbox.Outgoing;
import io.holdfast.messaging.TraceParent;
import java.util.List;
import java.util.UUID;

/**
 * Tells the world, in the transaction that made it so, that a wallet has become low. The wallet's
 * row is locked, so of all that spend at the same time one sees it fall. A transaction in which
 * none falls pays nothing.
 */
final class LowBalanceNotice {

  private static final String SOURCE = "wallet-service";

  private final Outbox outbox;
  private final WalletMetrics metrics;
  private final long limitMinor;

  /**
   * @param limitMinor a wallet with less is low, in minor units of its currency
   */
  LowBalanceNotice(Outbox outbox, WalletMetrics metrics, long limitMinor) {
    this.outbox = outbox;
    this.metrics = metrics;
    this.limitMinor = limitMinor;
  }

  /**
   * A wallet that has become low.
   *
   * @param cause the saga, charge, withdrawal or hold that made it so
   */
  record Fall(UUID cause, Wallet wallet) {}

  /** Whether it is low after it, and was not before. */
  boolean isFall(Wallet before, Wallet after) {
    return before.availableMinor() >= limitMinor && after.availableMinor() < limitMinor;
  }

  /** Tells it if this is a fall. */
  void changed(UUID cause, Wallet before, Wallet after) {
    if (isFall(before, after)) {
      tell(List.of(new Fall(cause, after)));
    }
  }

  void tell(List<Fall> falls) {
    if (falls.isEmpty()) {
      return;
    }
    outbox.append(falls.stream().map(this::event).toList());
    metrics.becameLow(falls.size());
  }

  private Outgoing event(Fall fall) {
    var wallet = fall.wallet();
    var body =
        new LowBalance(wallet.walletId(), wallet.currency(), wallet.availableMinor(), limitMinor);
    return new Outgoing(
        WalletContract.EVENTS_TOPIC,
        Envelope.first(
            SOURCE,
            WalletContract.LOW_BALANCE_TYPE,
            new SagaId(fall.cause()),
            TraceParent.random(),
            Json.bytes(body)));
  }
}
