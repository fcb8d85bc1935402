package io.holdfast.wallet;

import io.holdfast.contracts.SagaId;
import io.holdfast.contracts.wallet.WalletContract;
import io.holdfast.messaging.AfterCommit;
import io.holdfast.messaging.Envelope;
import io.holdfast.messaging.Json;
import io.holdfast.messaging.Outbox;
import io.holdfast.messaging.Outbox.Outgoing;
import io.holdfast.messaging.TraceParent;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.QueryTimeoutException;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.transaction.support.TransactionOperations;

/**
 * Looks for wallets that have paid more often, or more, within an hour than is usual, and flags
 * each once for each hour of the clock. It goes round by itself, a page of wallets at a time and a
 * hundredth of the time at most, and reads the ledger: whoever spends pays nothing for it.
 *
 * <p>A round looks at what was paid since the one before began, however long that took. Where it is
 * and when it began is stored, and all instances go one round together.
 */
class AbnormalUseCheck {

  private static final Logger log = LoggerFactory.getLogger(AbnormalUseCheck.class);
  private static final String SOURCE = "wallet-service";
  private static final UUID FIRST = new UUID(0, 0);
  private static final long IDLE_SHARE = 99;
  private static final Duration LATE_ROUND = Duration.ofHours(1);

  /**
   * How far before the round before a payment can lie that belongs to what is new: an hour, within
   * which payments are counted together, and a minute, since a payment is seen when its transaction
   * has ended and has the time at which that began.
   */
  private static final Duration OVERLAP = Duration.ofMinutes(61);

  private final AbnormalUseStore store;
  private final Outbox outbox;
  private final TransactionOperations transactions;
  private final WalletProperties.AbnormalUseSettings settings;
  private final WalletMetrics metrics;
  private long notBeforeNanos = System.nanoTime();

  /**
   * Of how many wallets the next page is. Fewer than configured where they have paid that often.
   */
  private volatile int walletsAtOnce;

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
    this.walletsAtOnce = settings.page();
  }

  /** The next page. The longer one takes, the longer the pause behind it. */
  @Scheduled(fixedDelayString = "${holdfast.wallet.abnormal-use.every:5s}")
  void checkNextPage() {
    long start = System.nanoTime();
    if (start - notBeforeNanos < 0) {
      return;
    }
    try {
      checkPage();
    } finally {
      long end = System.nanoTime();
      notBeforeNanos = end + IDLE_SHARE * (end - start);
    }
  }

  /**
   * The next page of the round, unless another instance is at it. One that cannot be read in time
   * is halved the next time; a wallet that stands alone and takes too long is passed over, so that
   * it holds up no other.
   */
  void checkPage() {
    int wallets = walletsAtOnce;
    var first = new AtomicReference<UUID>();
    long start = System.nanoTime();
    try {
      transactions.executeWithoutResult(
          _ ->
              store
                  .lockRound()
                  .ifPresent(
                      round -> {
                        first.set(round.next());
                        checkPage(round, wallets);
                      }));
      var took = Duration.ofNanos(System.nanoTime() - start);
      if (took.multipliedBy(4).compareTo(settings.timeLimit()) < 0) {
        walletsAtOnce = Math.min(2 * wallets, settings.page());
      }
    } catch (QueryTimeoutException _) {
      if (wallets == 1) {
        // Another instance may have passed it over meanwhile, and be at the next one.
        transactions.executeWithoutResult(
            _ ->
                store
                    .lockRound()
                    .filter(round -> round.next().equals(first.get()))
                    .ifPresent(this::passOver));
      } else {
        walletsAtOnce = wallets / 2;
      }
    }
  }

  private void checkPage(AbnormalUseStore.Round round, int most) {
    var wallets = store.wallets(round.next(), most + 1);
    flag(wallets.subList(0, Math.min(most, wallets.size())), round);
    goOn(wallets, most);
  }

  private void passOver(AbnormalUseStore.Round round) {
    var wallets = store.wallets(round.next(), 2);
    if (!wallets.isEmpty()) {
      log.error(
          "abnormal use of wallet {} cannot be told: what it has paid cannot be read within {} (holdfast.wallet.abnormal-use.time-limit)",
          wallets.getFirst(),
          settings.timeLimit());
    }
    goOn(wallets, 1);
  }

  /**
   * @param wallets those that were looked at, and the next one if there is one
   * @param most how many may have been looked at
   */
  private void goOn(List<UUID> wallets, int most) {
    if (wallets.size() > most) {
      store.goOnAt(wallets.getLast());
      return;
    }
    var took = store.beginRoundAt(FIRST);
    if (took.compareTo(LATE_ROUND) > 0) {
      log.warn(
          "abnormal use is told late, a round over all wallets took {}: have it check more wallets at a time (holdfast.wallet.abnormal-use.page) or more often (holdfast.wallet.abnormal-use.every)",
          took);
    }
  }

  private void flag(List<UUID> page, AbnormalUseStore.Round round) {
    if (page.isEmpty()) {
      return;
    }
    var since = round.previousBegan().minus(OVERLAP);
    var beyond =
        store.beyond(
            page,
            since,
            since.minus(settings.longestCause()),
            settings.payments(),
            settings.amountMinor(),
            settings.timeLimit());
    if (!beyond.isEmpty()) {
      var flagged = store.insert(beyond);
      outbox.append(flagged.stream().map(AbnormalUseCheck::event).toList());
      metrics.abnormalUses(flagged.size());
      AfterCommit.run(() -> flagged.forEach(flag -> log.warn("abnormal use: {}", flag.use())));
    }
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
