package io.holdfast.wallet;

import io.holdfast.messaging.TimerLoop;
import io.holdfast.messaging.UuidV7;
import io.holdfast.wallet.HoldStore.Due;
import io.holdfast.wallet.WalletEntry.Operation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.transaction.support.TransactionOperations;

/**
 * Money that is set aside over HTTP: held, confirmed in whole or in part, released. As a timer it
 * gives back what nobody has asked for in time. A hold ends once, and how is told to whoever comes
 * later.
 */
final class HoldHandler implements TimerLoop.DueRows {

  private static final Logger log = LoggerFactory.getLogger(HoldHandler.class);
  private static final int LIMIT = 200;
  private static final Duration PAUSE_AFTER_FAILURE = Duration.ofMinutes(1);

  private final WalletStore wallets;
  private final HoldStore holds;
  private final LowBalanceNotice lowBalance;
  private final TransactionOperations transactions;
  private final WalletMetrics metrics;
  private final DueBatch<Due> expiry;

  HoldHandler(
      WalletStore wallets,
      HoldStore holds,
      LowBalanceNotice lowBalance,
      TransactionOperations transactions,
      WalletMetrics metrics) {
    this.wallets = wallets;
    this.holds = holds;
    this.lowBalance = lowBalance;
    this.transactions = transactions;
    this.metrics = metrics;
    this.expiry =
        new DueBatch<>(due -> transactions.executeWithoutResult(_ -> expire(due)), this::putOff);
  }

  /** What became of a request. */
  sealed interface Outcome {

    /** It stands as asked, now or since it was asked for first. */
    record Stands(Hold hold) implements Outcome {}

    /** The reference stands for another hold; nothing was done. */
    record OtherRequest() implements Outcome {}

    /** It was asked for in a currency that is not the wallet's; nothing was done. */
    record OtherCurrency(String currency) implements Outcome {}

    /** There is no such hold. */
    record Unknown() implements Outcome {}

    /** More was to be confirmed than is held; nothing was done. */
    record MoreThanHeld(Hold hold) implements Outcome {}

    /** It has ended otherwise. */
    record Ended(Hold hold) implements Outcome {}
  }

  /** Sets money aside, or refuses for ever; asked again, it answers the same. */
  Outcome hold(UUID walletId, HoldRequest request) {
    return inTransaction(() -> holdOnce(walletId, request));
  }

  private Outcome holdOnce(UUID walletId, HoldRequest request) {
    var wallet = wallets.lock(walletId, request.currency());
    boolean isOtherCurrency = !wallet.currency().equals(request.currency());
    var holdId = UuidV7.next();
    boolean isCovered = wallet.availableMinor() >= request.amountMinor();
    if (isOtherCurrency || !holds.insert(holdId, walletId, request, isCovered)) {
      var known = holds.find(walletId, request.reference());
      if (known.isEmpty()) {
        return new Outcome.OtherCurrency(request.currency());
      }
      if (!known.get().isFor(request)) {
        return new Outcome.OtherRequest();
      }
      metrics.racePrevented("hold");
      return new Outcome.Stands(known.get());
    }
    if (isCovered) {
      var entry = new WalletEntry(holdId, Operation.HOLD, walletId, request.amountMinor());
      wallets.save(List.of(entry));
      lowBalance.changed(holdId, wallet, wallet.plus(entry));
      metrics.held(HoldState.HELD);
    } else {
      metrics.insufficientBalance();
      metrics.held(HoldState.REFUSED);
    }
    return stands(holdId);
  }

  /**
   * Spends what is held, and gives the rest back.
   *
   * @param amountMinor how much of it; null for all
   */
  Outcome confirm(UUID holdId, @Nullable Long amountMinor) {
    return withLocked(holdId, hold -> confirmLocked(hold, amountMinor));
  }

  private Outcome confirmLocked(Hold hold, @Nullable Long amountMinor) {
    long spent = amountMinor == null ? hold.amountMinor() : amountMinor;
    return switch (hold.state()) {
      case HELD -> {
        if (spent > hold.amountMinor()) {
          yield new Outcome.MoreThanHeld(hold);
        }
        end(List.of(hold), HoldState.CONFIRMED, spent);
        yield stands(hold.holdId());
      }
      case CONFIRMED -> again(hold, spent == hold.confirmedMinor());
      case REFUSED, RELEASED, EXPIRED -> again(hold, false);
    };
  }

  /** Gives all of it back. */
  Outcome release(UUID holdId) {
    return withLocked(
        holdId,
        hold ->
            switch (hold.state()) {
              case HELD -> {
                end(List.of(hold), HoldState.RELEASED, 0);
                yield stands(hold.holdId());
              }
              case RELEASED -> again(hold, true);
              case REFUSED, CONFIRMED, EXPIRED -> again(hold, false);
            });
  }

  private Outcome again(Hold hold, boolean isSame) {
    metrics.racePrevented("hold");
    return isSame ? new Outcome.Stands(hold) : new Outcome.Ended(hold);
  }

  /** Locks the wallet before the hold, as everywhere. A hold whose time is over ends by that. */
  private Outcome withLocked(UUID holdId, Function<Hold, Outcome> work) {
    var asked = holds.find(holdId);
    if (asked.isEmpty()) {
      return new Outcome.Unknown();
    }
    return inTransaction(
        () -> {
          wallets.lock(List.of(asked.get().walletId()));
          var hold = holds.lock(List.of(holdId)).getFirst();
          if (!hold.overdue()) {
            return work.apply(hold);
          }
          end(List.of(hold), HoldState.EXPIRED, 0);
          return new Outcome.Ended(holds.find(holdId).orElseThrow());
        });
  }

  /** Ends holds that are locked with their wallets: what is not spent goes back. */
  private void end(List<Hold> held, HoldState state, long spentMinor) {
    var entries = new ArrayList<WalletEntry>();
    for (var hold : held) {
      long restMinor = hold.amountMinor() - spentMinor;
      if (spentMinor > 0) {
        entries.add(entry(hold, Operation.CONFIRM, spentMinor));
      }
      if (restMinor > 0) {
        entries.add(entry(hold, Operation.CANCEL, restMinor));
      }
      metrics.held(state);
    }
    holds.end(
        held.stream().map(hold -> new HoldStore.End(hold.holdId(), state, spentMinor)).toList());
    wallets.save(entries);
  }

  private static WalletEntry entry(Hold hold, Operation operation, long amountMinor) {
    return new WalletEntry(hold.holdId(), operation, hold.walletId(), amountMinor);
  }

  @Override
  public Duration handleBatch() {
    var found = Objects.requireNonNull(transactions.execute(_ -> look()));
    expiry.handle(found.due());
    return found.untilNextDue();
  }

  private record Found(List<Due> due, Duration untilNextDue) {}

  private Found look() {
    return new Found(holds.due(LIMIT), holds.untilNextDue(TimerLoop.LONGEST_SLEEP));
  }

  private void expire(List<Due> due) {
    wallets.lock(due.stream().map(Due::walletId).distinct().toList());
    var overdue =
        holds.lock(due.stream().map(Due::holdId).toList()).stream().filter(Hold::overdue).toList();
    end(overdue, HoldState.EXPIRED, 0);
  }

  private void putOff(Due due, RuntimeException e) {
    holds.putOff(due.holdId(), PAUSE_AFTER_FAILURE);
    log.error(
        "hold {} of wallet {} cannot expire, an operator has to look if it goes on; tried again in {}",
        due.holdId(),
        due.walletId(),
        PAUSE_AFTER_FAILURE,
        e);
  }

  Optional<Hold> find(UUID holdId) {
    return holds.find(holdId);
  }

  private Outcome stands(UUID holdId) {
    return new Outcome.Stands(holds.find(holdId).orElseThrow());
  }

  private Outcome inTransaction(Supplier<Outcome> work) {
    return Objects.requireNonNull(transactions.execute(_ -> work.get()));
  }
}
