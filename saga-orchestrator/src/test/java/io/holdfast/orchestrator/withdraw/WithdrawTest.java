package io.holdfast.orchestrator.withdraw;

import static io.holdfast.contracts.Phase.CONFIRM;
import static io.holdfast.contracts.Phase.TRY;
import static io.holdfast.contracts.payment.PaymentContract.PAYOUT;
import static io.holdfast.contracts.wallet.WalletContract.WITHDRAWAL;
import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.contracts.Reason;
import io.holdfast.contracts.payment.PreparePayout;
import io.holdfast.contracts.saga.Withdraw;
import io.holdfast.contracts.wallet.HoldWithdrawal;
import io.holdfast.orchestrator.DefinitionRun;
import io.holdfast.saga.SagaState;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What the saga {@code withdraw} asks of whom, and when. */
@Tag("R-S1")
class WithdrawTest {

  private static final Withdraw WITHDRAWAL_OF_50 =
      new Withdraw(UUID.randomUUID(), 5_000, "EUR", "ba_1");

  private final DefinitionRun<Withdraw> saga =
      new DefinitionRun<>(
          new WithdrawConfiguration().withdrawal(Duration.ofMinutes(1)), WITHDRAWAL_OF_50);

  @Test
  void theMoneyIsSpentOnlyOnceItIsPaidOut() {
    assertThat(saga.asks()).containsExactly("withdrawal TRY");
    assertThat(saga.done(WITHDRAWAL, TRY).asks()).containsExactly("payout TRY");
    assertThat(saga.done(PAYOUT, TRY).asks()).containsExactly("payout CONFIRM");
    assertThat(saga.done(PAYOUT, CONFIRM).asks()).containsExactly("withdrawal CONFIRM");
    assertThat(saga.done(WITHDRAWAL, CONFIRM).state()).isEqualTo(new SagaState.Confirmed());
  }

  @Test
  void aPayoutThatIsDeclinedGivesTheMoneyBack() {
    saga.done(WITHDRAWAL, TRY)
        .done(PAYOUT, TRY)
        .refused(PAYOUT, CONFIRM, new Reason("PAYOUT_DECLINED", "payout declined"));

    assertThat(saga.asks()).containsExactly("withdrawal CANCEL", "payout CANCEL");
  }

  @Test
  void everyoneGetsWhatConcernsThem() {
    assertThat(saga.request(WITHDRAWAL))
        .isEqualTo(new HoldWithdrawal(WITHDRAWAL_OF_50.withdrawalId()));
    assertThat(saga.request(PAYOUT))
        .isEqualTo(new PreparePayout(WITHDRAWAL_OF_50.withdrawalId(), 5_000, "EUR", "ba_1"));
  }
}
