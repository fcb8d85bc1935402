package io.holdfast.orchestrator.placeorder;

import static io.holdfast.contracts.inventory.InventoryContract.INVENTORY;
import static io.holdfast.contracts.payment.PaymentContract.PAYMENT;
import static io.holdfast.contracts.wallet.WalletContract.WALLET;
import static io.holdfast.saga.Step.pivot;
import static io.holdfast.saga.Step.tcc;

import io.holdfast.contracts.inventory.HoldStock;
import io.holdfast.contracts.payment.AuthorizePayment;
import io.holdfast.contracts.saga.PlaceOrder;
import io.holdfast.contracts.wallet.HoldBalance;
import io.holdfast.saga.SagaData;
import io.holdfast.saga.SagaDefinition;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The first version of placing an order, and what was stored of it: sagas that it began end with
 * it. It knows no approval, voucher or quota. To be removed when none of its sagas can be running.
 */
final class PlaceOrderBeforeApproval {

  /** Its input, which the newer one can't be read from. */
  record Order(
      UUID walletId,
      List<PlaceOrder.Line> lines,
      long totalMinor,
      String currency,
      @Nullable String paymentMethod) {

    Order {
      lines = List.copyOf(lines);
    }
  }

  /** What the wallet answered. */
  record Held(long amountMinor) {}

  private PlaceOrderBeforeApproval() {}

  static SagaDefinition<Order> definition(Duration deadline) {
    return SagaDefinition.named(PlaceOrder.DEFINITION, Order.class)
        .deadline(deadline)
        .inParallel(
            tcc(INVENTORY, order -> holdStock(order.input())),
            tcc(WALLET, order -> holdBalance(order.input())))
        .then(
            pivot(PAYMENT, PlaceOrderBeforeApproval::authorizeRemainder)
                .when(order -> remainderMinor(order) > 0))
        .result(PlaceOrderBeforeApproval::paid)
        .build();
  }

  private static Optional<?> paid(SagaData<Order> order) {
    long card = remainderMinor(order);
    return order.input().paymentMethod() == null
        ? Optional.empty()
        : Optional.of(new PlaceOrder.Paid(order.input().totalMinor() - card, card));
  }

  private static HoldStock holdStock(Order order) {
    return new HoldStock(
        order.lines().stream()
            .map(line -> new HoldStock.Line(line.sku(), line.quantity()))
            .toList());
  }

  private static HoldBalance holdBalance(Order order) {
    return new HoldBalance(
        order.walletId(), order.totalMinor(), order.currency(), order.paymentMethod() != null);
  }

  private static AuthorizePayment authorizeRemainder(SagaData<Order> order) {
    var input = order.input();
    return new AuthorizePayment(
        remainderMinor(order), input.currency(), Objects.requireNonNull(input.paymentMethod()));
  }

  private static long remainderMinor(SagaData<Order> order) {
    long total = order.input().totalMinor();
    return total - order.answer(WALLET, Held.class).map(Held::amountMinor).orElse(total);
  }
}
