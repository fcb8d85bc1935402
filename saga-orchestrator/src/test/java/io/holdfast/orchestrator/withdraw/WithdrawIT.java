package io.holdfast.orchestrator.withdraw;

import static io.holdfast.contracts.Phase.CANCEL;
import static io.holdfast.contracts.Phase.CONFIRM;
import static io.holdfast.contracts.Phase.TRY;
import static io.holdfast.contracts.payment.PaymentContract.PAYOUT;
import static io.holdfast.contracts.wallet.WalletContract.WITHDRAWAL;
import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.contracts.Reason;
import io.holdfast.contracts.saga.Withdraw;
import io.holdfast.messaging.Json;
import io.holdfast.orchestrator.RunningOrchestrator;
import java.util.UUID;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The shipped saga in the engine, from its start to its end. */
@Tag("R-S1")
class WithdrawIT extends RunningOrchestrator {

  private static final String INPUT =
      Json.text(new Withdraw(UUID.randomUUID(), 5_000, "EUR", "ba_1"));

  @Test
  void theMoneyIsSpentOnceItIsPaidOut() {
    var saga = newSaga();

    deliver(start(saga, Withdraw.DEFINITION, INPUT));
    deliver(done(saga, WITHDRAWAL, TRY));
    deliver(done(saga, PAYOUT, TRY));
    deliver(done(saga, PAYOUT, CONFIRM));
    deliver(done(saga, WITHDRAWAL, CONFIRM));

    assertThat(brief(saga))
        .containsExactly(
            "withdrawal TRY #1",
            "payout TRY #1",
            "payout CONFIRM #1",
            "withdrawal CONFIRM #1",
            "withdraw ended CONFIRMED");
  }

  @Test
  void aDeclinedPayoutGivesTheMoneyBack() {
    var saga = newSaga();

    deliver(start(saga, Withdraw.DEFINITION, INPUT));
    deliver(done(saga, WITHDRAWAL, TRY));
    deliver(done(saga, PAYOUT, TRY));
    deliver(refused(saga, PAYOUT, CONFIRM, new Reason("PAYOUT_DECLINED", "payout declined")));
    deliver(done(saga, WITHDRAWAL, CANCEL), done(saga, PAYOUT, CANCEL));

    assertThat(brief(saga)).endsWith("withdraw ended CANCELLED PAYOUT_DECLINED");
  }
}
