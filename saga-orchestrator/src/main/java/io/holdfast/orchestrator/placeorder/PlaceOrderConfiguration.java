package io.holdfast.orchestrator.placeorder;

import static io.holdfast.contracts.inventory.InventoryContract.INVENTORY;
import static io.holdfast.contracts.payment.PaymentContract.PAYMENT;
import static io.holdfast.contracts.wallet.WalletContract.WALLET;
import static io.holdfast.saga.Step.pivot;
import static io.holdfast.saga.Step.tcc;

import io.holdfast.contracts.inventory.HoldStock;
import io.holdfast.contracts.payment.AuthorizePayment;
import io.holdfast.contracts.saga.PlaceOrder;
import io.holdfast.contracts.wallet.BalanceHeld;
import io.holdfast.contracts.wallet.HoldBalance;
import io.holdfast.saga.SagaData;
import io.holdfast.saga.SagaDefinition;
import io.holdfast.saga.Step;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * Placing an order: where it needs approval, await a reviewer's word; hold stock and balance, with
 * free quota and voucher, at the same time; then authorise on the card what the wallet does not
 * pay; capture the card first, since it may still be declined, then confirm the rest.
 */
@Configuration(proxyBeanMethods = false)
class PlaceOrderConfiguration {

  @Bean
  SagaDefinition<PlaceOrder> placeOrder(
      @Value("${holdfast.place-order.deadline:30s}") Duration deadline,
      @Value("${holdfast.place-order.approval-limit:24h}") Duration approvalLimit) {
    return SagaDefinition.named(PlaceOrder.DEFINITION, PlaceOrder.class)
        .version(2)
        .deadline(deadline)
        .then(
            Step.<PlaceOrder>await(PlaceOrder.APPROVAL, approvalLimit)
                .when(order -> order.input().needsApproval()))
        .inParallel(
            Step.<PlaceOrder, HoldStock>tcc(INVENTORY, order -> holdStock(order.input().lines()))
                .when(order -> !order.input().lines().isEmpty()),
            tcc(WALLET, order -> holdBalance(order.input())))
        .then(
            pivot(PAYMENT, PlaceOrderConfiguration::authorizeRemainder)
                .when(order -> remainderMinor(order) > 0))
        .result(PlaceOrderConfiguration::paid)
        .build();
  }

  @Bean
  SagaDefinition<PlaceOrderBeforeApproval.Order> placeOrderBeforeApproval(
      @Value("${holdfast.place-order.deadline:30s}") Duration deadline) {
    return PlaceOrderBeforeApproval.definition(deadline);
  }

  private static HoldStock holdStock(List<PlaceOrder.Line> lines) {
    return new HoldStock(
        lines.stream().map(line -> new HoldStock.Line(line.sku(), line.quantity())).toList());
  }

  private static HoldBalance holdBalance(PlaceOrder order) {
    boolean cardPaysTheRest = order.paymentMethod() != null;
    return new HoldBalance(
        order.walletId(),
        order.totalMinor(),
        order.currency(),
        cardPaysTheRest,
        order.voucherCode(),
        order.metered());
  }

  private static AuthorizePayment authorizeRemainder(SagaData<PlaceOrder> order) {
    var input = order.input();
    return new AuthorizePayment(
        remainderMinor(order), input.currency(), Objects.requireNonNull(input.paymentMethod()));
  }

  /** Told only where the input leaves it open: a plain order is paid by the wallet. */
  private static Optional<?> paid(SagaData<PlaceOrder> order) {
    var input = order.input();
    if (input.paymentMethod() == null && input.voucherCode() == null && input.metered().isEmpty()) {
      return Optional.empty();
    }
    return order
        .answer(WALLET, BalanceHeld.class)
        .map(
            held ->
                new PlaceOrder.Paid(
                    held.amountMinor() - held.quotaMinor() - held.voucherMinor(),
                    input.totalMinor() - held.amountMinor()));
  }

  /**
   * What the wallet does not cover with money, voucher and free quota. Nothing unless a card was
   * given: a wallet that is asked for all holds all or refuses.
   */
  private static long remainderMinor(SagaData<PlaceOrder> order) {
    long total = order.input().totalMinor();
    long held = order.answer(WALLET, BalanceHeld.class).map(BalanceHeld::amountMinor).orElse(total);
    return total - held;
  }
}
