package io.holdfast.orchestrator.refundorder;

import static io.holdfast.contracts.inventory.InventoryContract.RETURNS;
import static io.holdfast.contracts.payment.PaymentContract.CARD_REFUND;
import static io.holdfast.contracts.wallet.WalletContract.WALLET_REFUND;

import io.holdfast.contracts.inventory.HoldStock;
import io.holdfast.contracts.inventory.ReturnGoods;
import io.holdfast.contracts.payment.RefundPayment;
import io.holdfast.contracts.saga.RefundOrder;
import io.holdfast.contracts.wallet.RefundToWallet;
import io.holdfast.saga.SagaDefinition;
import io.holdfast.saga.Step;
import java.time.Duration;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * Paying an order back, in whole or in part: reserve what goes to the wallet and to the card at the
 * same time; the card first, since its provider may still decline; then the wallet; and only then
 * take the goods back into stock.
 */
@Configuration(proxyBeanMethods = false)
class RefundOrderConfiguration {

  /** By which the wallet knows that this refund, and no other of the order, was paid before. */
  private static final String REFERENCE_TYPE = "order-refund";

  @Bean
  SagaDefinition<RefundOrder> refundOrder(
      @Value("${holdfast.refund-order.deadline:1m}") Duration deadline) {
    return SagaDefinition.named(RefundOrder.DEFINITION, RefundOrder.class)
        .deadline(deadline)
        .inParallel(
            Step.<RefundOrder, RefundToWallet>tcc(
                    WALLET_REFUND, refund -> refundToWallet(refund.input()))
                .when(refund -> refund.input().walletMinor() > 0),
            Step.<RefundOrder, RefundPayment>pivot(
                    CARD_REFUND, refund -> refundPayment(refund.input()))
                .when(refund -> refund.input().cardMinor() > 0))
        .then(
            Step.<RefundOrder, ReturnGoods>retriable(RETURNS, refund -> returnGoods(refund.input()))
                .when(refund -> !refund.input().returned().isEmpty()))
        .build();
  }

  private static RefundToWallet refundToWallet(RefundOrder refund) {
    return new RefundToWallet(
        refund.walletId(),
        refund.walletMinor(),
        refund.currency(),
        REFERENCE_TYPE,
        refund.refundId().toString());
  }

  private static RefundPayment refundPayment(RefundOrder refund) {
    return new RefundPayment(refund.orderId(), refund.cardMinor(), refund.currency());
  }

  private static ReturnGoods returnGoods(RefundOrder refund) {
    return new ReturnGoods(
        refund.orderId(),
        refund.returned().stream()
            .map(line -> new HoldStock.Line(line.sku(), line.quantity()))
            .toList());
  }
}
