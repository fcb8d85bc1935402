package io.holdfast.wallet;

import io.holdfast.contracts.SagaId;
import io.holdfast.contracts.wallet.WalletContract;
import io.holdfast.messaging.Envelope;
import io.holdfast.messaging.Json;
import io.holdfast.messaging.Outbox;
import io.holdfast.messaging.Outbox.Outgoing;
import io.holdfast.messaging.TraceParent;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.transaction.support.TransactionOperations;

/**
 * Looks for wallets that have paid more often, or more, within an hour than is usual, and flags
 * each once for each hour of the clock. It goes round by itself, a page of wallets at a time and a
 * hundredth of the time at most, and reads the ledger: whoever spends pays nothing for it.
 */
class AbnormalUseCheck {

  private static final Logger log = LoggerFactory.getLogger(AbnormalUseCheck.class);
  private static final String SOURCE = "wallet-service";
  private static final UUID FIRST = new UUID(0, 0);
  private static final long IDLE_SHARE = 99;

  private final AbnormalUseStore store;
  private final Outbox outbox;
  private final TransactionOperations transactions;
  private final WalletProperties.AbnormalUseSettings settings;
  private final WalletMetrics metrics;
  private UUID next = FIRST;
  private long notBeforeNanos = System.nanoTime();

  AbnormalUseCheck(
      AbnormalUseStore store,
      Outbox outbox,
      TransactionOperations transactions,
      WalletProperties.AbnormalUseSettings settings,
      WalletMetrics metrics) {
    this.store = store;
    this.outbox = outbox;
    this.transactions = transactions;
    this.settings = settings;
    this.metrics = metrics;
  }

  /** The next page. The longer one takes, the longer the pause behind it. */
  @Scheduled(fixedDelayString = "${holdfast.wallet.abnormal-use.every:5s}")
  void checkNextPage() {
    long start = System.nanoTime();
    if (start - notBeforeNanos < 0) {
      return;
    }
    try {
      next = checkPage(next);
    } finally {
      long end = System.nanoTime();
      notBeforeNanos = end + IDLE_SHARE * (end - start);
    }
  }

  /** Checks all wallets. */
  void checkAll() {
    var after = FIRST;
    do {
      after = checkPage(after);
    } while (!after.equals(FIRST));
  }

  /**
   * @return behind which wallet the next page begins
   */
  private UUID checkPage(UUID after) {
    var last = store.pageEnd(after, settings.page());
    if (last.isEmpty()) {
      return FIRST;
    }
    var beyond =
        store.beyond(
            after,
            last.get(),
            settings.payments(),
            settings.amountMinor(),
            settings.longestCause());
    if (!beyond.isEmpty()) {
      transactions.executeWithoutResult(
          _ -> {
            var flagged = store.insert(beyond);
            outbox.append(flagged.stream().map(AbnormalUseCheck::event).toList());
            flagged.forEach(this::report);
          });
    }
    return last.get();
  }

  private void report(AbnormalUseStore.Flag flag) {
    log.warn("abnormal use: {}", flag.use());
    metrics.abnormalUse();
  }

  private static Outgoing event(AbnormalUseStore.Flag flag) {
    return new Outgoing(
        WalletContract.EVENTS_TOPIC,
        Envelope.first(
            SOURCE,
            WalletContract.ABNORMAL_USE_TYPE,
            new SagaId(flag.id()),
            TraceParent.random(),
            Json.bytes(flag.use())));
  }
}
