package io.holdfast.wallet;

import static io.holdfast.wallet.WithdrawalState.APPROVED;
import static io.holdfast.wallet.WithdrawalState.FAILED;
import static io.holdfast.wallet.WithdrawalState.REFUSED;
import static io.holdfast.wallet.WithdrawalState.REJECTED;
import static io.holdfast.wallet.WithdrawalState.REQUESTED;

import io.holdfast.contracts.Phase;
import io.holdfast.contracts.SagaId;
import io.holdfast.contracts.saga.SagaContract;
import io.holdfast.contracts.saga.StartSaga;
import io.holdfast.contracts.saga.Withdraw;
import io.holdfast.contracts.wallet.WalletContract;
import io.holdfast.messaging.Envelope;
import io.holdfast.messaging.Json;
import io.holdfast.messaging.Outbox;
import io.holdfast.messaging.Outbox.Outgoing;
import io.holdfast.messaging.TimerLoop;
import io.holdfast.messaging.TraceParent;
import io.holdfast.wallet.WalletEntry.Operation;
import io.holdfast.wallet.WithdrawalStore.Due;
import io.holdfast.wallet.WithdrawalStore.Move;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.transaction.support.TransactionOperations;

/**
 * Withdrawals before their saga takes them up: requested, approved, rejected. As a timer it asks
 * again for sagas that nobody has taken up, and gives the money back of those that were cancelled
 * before they had come here.
 */
final class WithdrawalHandler implements TimerLoop.DueRows {

  private static final Logger log = LoggerFactory.getLogger(WithdrawalHandler.class);
  private static final String SOURCE = "wallet-service";
  private static final String STEP = WalletContract.WITHDRAWAL.name();
  private static final byte[] NO_BODY = new byte[0];

  private final WalletStore wallets;
  private final WithdrawalStore withdrawals;
  private final Outbox outbox;
  private final LowBalanceNotice lowBalance;
  private final TransactionOperations transactions;
  private final WalletProperties.Resend resend;
  private final WalletMetrics metrics;
  private final DueBatch<Due> unfinished;

  WithdrawalHandler(
      WalletStore wallets,
      WithdrawalStore withdrawals,
      Outbox outbox,
      LowBalanceNotice lowBalance,
      TransactionOperations transactions,
      WalletProperties.Resend resend,
      WalletMetrics metrics) {
    this.wallets = wallets;
    this.withdrawals = withdrawals;
    this.outbox = outbox;
    this.lowBalance = lowBalance;
    this.transactions = transactions;
    this.resend = resend;
    this.metrics = metrics;
    this.unfinished =
        new DueBatch<>(due -> transactions.executeWithoutResult(_ -> handle(due)), this::putOff);
  }

  /** What became of a request. */
  sealed interface Outcome {

    /** It stands so, now or since it was asked for first. */
    record Stands(Withdrawal withdrawal) implements Outcome {}

    /** The id stands for another withdrawal; nothing was done. */
    record OtherRequest() implements Outcome {}

    /** The wallet is in another currency than was asked for; nothing was done. */
    record OtherCurrency(String currency) implements Outcome {}

    /** There is no such withdrawal. */
    record Unknown() implements Outcome {}

    /** It was decided otherwise before. */
    record Decided(Withdrawal withdrawal) implements Outcome {}
  }

  /** Holds the money, or refuses for ever; asked again, it answers the same. */
  Outcome request(UUID walletId, WithdrawalRequest request, TraceParent trace) {
    return inTransaction(() -> requestOnce(walletId, request, trace));
  }

  private Outcome requestOnce(UUID walletId, WithdrawalRequest request, TraceParent trace) {
    var wallet = wallets.lock(walletId, request.currency());
    boolean isCovered = wallet.availableMinor() >= request.amountMinor();
    boolean isOtherCurrency = !wallet.currency().equals(request.currency());
    var state = isCovered ? REQUESTED : REFUSED;
    String reason = isCovered ? null : "insufficient balance";
    if (isOtherCurrency || !withdrawals.insert(walletId, request, state, reason, trace)) {
      var known = withdrawals.find(request.withdrawalId());
      if (known.isEmpty()) {
        return new Outcome.OtherCurrency(request.currency());
      }
      if (!known.get().isFor(walletId, request)) {
        return new Outcome.OtherRequest();
      }
      metrics.racePrevented("withdrawal");
      return new Outcome.Stands(known.get());
    }
    if (isCovered) {
      var entry =
          new WalletEntry(
              request.withdrawalId(), Operation.WITHDRAWAL_HOLD, walletId, request.amountMinor());
      wallets.save(List.of(entry));
      lowBalance.changed(request.withdrawalId(), wallet, wallet.plus(entry));
    } else {
      metrics.insufficientBalance();
    }
    metrics.withdrawal(state);
    return new Outcome.Stands(withdrawals.find(request.withdrawalId()).orElseThrow());
  }

  /** Starts the saga that pays it out, in the transaction that makes it approved. */
  Outcome approve(UUID withdrawalId) {
    return inTransaction(
        () -> {
          var known = withdrawals.lock(List.of(withdrawalId)).get(withdrawalId);
          if (known == null) {
            return new Outcome.Unknown();
          }
          if (known.state() != REQUESTED) {
            metrics.racePrevented("withdrawal");
            return known.state().isApproved()
                ? new Outcome.Stands(known)
                : new Outcome.Decided(known);
          }
          withdrawals.decide(withdrawalId, APPROVED, null, resend.firstAfter());
          outbox.append(
              List.of(
                  start(
                      known.withdrawalId(),
                      known.amountMinor(),
                      known.currency(),
                      known.destination(),
                      withdrawals.trace(withdrawalId))));
          metrics.withdrawal(APPROVED);
          return stands(withdrawalId);
        });
  }

  /** Gives the money back, once. */
  Outcome reject(UUID withdrawalId, @Nullable String reason) {
    var asked = withdrawals.find(withdrawalId);
    if (asked.isEmpty()) {
      return new Outcome.Unknown();
    }
    var walletId = asked.get().walletId();
    return inTransaction(
        () -> {
          wallets.lock(List.of(walletId));
          var known = withdrawals.lock(List.of(withdrawalId)).get(withdrawalId);
          if (known == null) {
            return new Outcome.Unknown();
          }
          if (known.state() != REQUESTED) {
            metrics.racePrevented("withdrawal");
            return known.state() == REJECTED
                ? new Outcome.Stands(known)
                : new Outcome.Decided(known);
          }
          withdrawals.decide(withdrawalId, REJECTED, reason, Duration.ZERO);
          wallets.save(
              List.of(
                  new WalletEntry(
                      withdrawalId, Operation.WITHDRAWAL_BACK, walletId, known.amountMinor())));
          metrics.withdrawal(REJECTED);
          return stands(withdrawalId);
        });
  }

  private Outcome stands(UUID withdrawalId) {
    return new Outcome.Stands(withdrawals.find(withdrawalId).orElseThrow());
  }

  @Override
  public Duration handleBatch() {
    var found = Objects.requireNonNull(transactions.execute(_ -> look()));
    unfinished.handle(found.due());
    return found.untilNextDue();
  }

  private record Found(List<Due> due, Duration untilNextDue) {}

  private Found look() {
    return new Found(
        withdrawals.due(STEP, resend.maxBatch()),
        withdrawals.untilNextDue(TimerLoop.LONGEST_SLEEP));
  }

  private void handle(List<Due> due) {
    giveBack(due.stream().filter(Due::cancelled).toList());
    askAgain(due.stream().filter(withdrawal -> !withdrawal.cancelled()).toList());
  }

  private void putOff(Due due, RuntimeException e) {
    withdrawals.postpone(List.of(due.withdrawalId()), resend.firstAfter(), resend.longestPause());
    log.error(
        "withdrawal {} of wallet {} can neither go on nor back, an operator has to look if that stays so",
        due.withdrawalId(),
        due.walletId(),
        e);
  }

  private void giveBack(List<Due> cancelled) {
    wallets.lock(cancelled.stream().map(Due::walletId).distinct().toList());
    var locked = withdrawals.lock(cancelled.stream().map(Due::withdrawalId).toList());
    var moves = new ArrayList<Move>();
    var entries = new ArrayList<WalletEntry>();
    for (var withdrawal : locked.values()) {
      if (withdrawal.state() == APPROVED) {
        moves.add(new Move(withdrawal.withdrawalId(), APPROVED, FAILED));
        entries.add(
            new WalletEntry(
                withdrawal.withdrawalId(),
                Operation.WITHDRAWAL_BACK,
                withdrawal.walletId(),
                withdrawal.amountMinor()));
        log.warn("withdrawal {} was cancelled before it was paid", withdrawal.withdrawalId());
        metrics.withdrawal(FAILED);
      }
    }
    withdrawals.move(moves);
    wallets.save(entries);
  }

  /**
   * Same saga, new message, so that no inbox swallows it. The question goes behind the start: if
   * the saga has been cancelled in the meantime, its answer is a cancel, which leaves a tombstone
   * here.
   */
  private void askAgain(List<Due> waiting) {
    var mine =
        withdrawals.postpone(
            waiting.stream().map(Due::withdrawalId).toList(),
            resend.firstAfter(),
            resend.longestPause());
    var messages = new ArrayList<Outgoing>();
    for (var withdrawal : waiting) {
      if (mine.contains(withdrawal.withdrawalId())) {
        messages.add(
            start(
                withdrawal.withdrawalId(),
                withdrawal.amountMinor(),
                withdrawal.currency(),
                withdrawal.destination(),
                withdrawal.trace()));
        messages.add(
            request(
                SagaContract.ASK_OUTCOME_TYPE,
                withdrawal.withdrawalId(),
                withdrawal.trace(),
                NO_BODY,
                true));
      }
    }
    if (!messages.isEmpty()) {
      log.info("asked again for the sagas of {} withdrawals", mine.size());
      outbox.append(messages);
    }
  }

  private static Outgoing start(
      UUID withdrawalId, long amountMinor, String currency, String destination, TraceParent trace) {
    var input = new Withdraw(withdrawalId, amountMinor, currency, destination);
    return request(
        SagaContract.START_TYPE,
        withdrawalId,
        trace,
        Json.bytes(new StartSaga(Withdraw.DEFINITION, Json.text(input))),
        false);
  }

  private static Outgoing request(
      String type, UUID withdrawalId, TraceParent trace, byte[] body, boolean aboutTry) {
    var message = Envelope.first(SOURCE, type, new SagaId(withdrawalId), trace.child(), body);
    return new Outgoing(
        SagaContract.REQUESTS_TOPIC, aboutTry ? message.about(STEP, Phase.TRY, 0) : message);
  }

  private Outcome inTransaction(Supplier<Outcome> work) {
    return Objects.requireNonNull(transactions.execute(_ -> work.get()));
  }
}
