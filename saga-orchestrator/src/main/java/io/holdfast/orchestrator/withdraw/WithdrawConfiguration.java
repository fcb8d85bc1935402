package io.holdfast.orchestrator.withdraw;

import static io.holdfast.contracts.payment.PaymentContract.PAYOUT;
import static io.holdfast.contracts.wallet.WalletContract.WITHDRAWAL;
import static io.holdfast.saga.Step.pivot;
import static io.holdfast.saga.Step.tcc;

import io.holdfast.contracts.payment.PreparePayout;
import io.holdfast.contracts.saga.Withdraw;
import io.holdfast.contracts.wallet.HoldWithdrawal;
import io.holdfast.saga.SagaDefinition;
import java.time.Duration;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * Paying a withdrawal out: take it into payment, record the payout, send it, which the provider may
 * decline, and only then spend the wallet's money.
 */
@Configuration(proxyBeanMethods = false)
class WithdrawConfiguration {

  @Bean
  SagaDefinition<Withdraw> withdrawal(
      @Value("${holdfast.withdraw.deadline:1m}") Duration deadline) {
    return SagaDefinition.named(Withdraw.DEFINITION, Withdraw.class)
        .deadline(deadline)
        .then(tcc(WITHDRAWAL, saga -> new HoldWithdrawal(saga.input().withdrawalId())))
        .then(pivot(PAYOUT, saga -> preparePayout(saga.input())))
        .build();
  }

  private static PreparePayout preparePayout(Withdraw withdrawal) {
    return new PreparePayout(
        withdrawal.withdrawalId(),
        withdrawal.amountMinor(),
        withdrawal.currency(),
        withdrawal.destination());
  }
}
