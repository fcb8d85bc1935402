package io.holdfast.orchestrator.refundorder;

import static io.holdfast.contracts.Phase.CONFIRM;
import static io.holdfast.contracts.Phase.TRY;
import static io.holdfast.contracts.inventory.InventoryContract.RETURNS;
import static io.holdfast.contracts.payment.PaymentContract.CARD_REFUND;
import static io.holdfast.contracts.wallet.WalletContract.WALLET_REFUND;
import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.contracts.Reason;
import io.holdfast.contracts.inventory.HoldStock;
import io.holdfast.contracts.inventory.ReturnGoods;
import io.holdfast.contracts.payment.RefundPayment;
import io.holdfast.contracts.saga.PlaceOrder;
import io.holdfast.contracts.saga.RefundOrder;
import io.holdfast.contracts.wallet.RefundToWallet;
import io.holdfast.orchestrator.DefinitionRun;
import io.holdfast.saga.SagaState;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What the saga {@code refund-order} asks of whom, and when. */
@Tag("R-S1")
class RefundOrderTest {

  private static final UUID ORDER = UUID.randomUUID();
  private static final UUID REFUND = UUID.randomUUID();
  private static final UUID WALLET = UUID.randomUUID();

  private static DefinitionRun<RefundOrder> refund(
      long walletMinor, long cardMinor, PlaceOrder.Line... returned) {
    return new DefinitionRun<>(
        new RefundOrderConfiguration().refundOrder(Duration.ofMinutes(1)),
        new RefundOrder(ORDER, REFUND, WALLET, walletMinor, cardMinor, "EUR", List.of(returned)));
  }

  @Test
  void theCardIsRefundedFirstThenTheWalletAndThenGoodsComeBack() {
    var saga = refund(300, 600, new PlaceOrder.Line("PEN", 1));

    assertThat(saga.asks()).containsExactly("wallet-refund TRY", "card-refund TRY");
    assertThat(saga.done(WALLET_REFUND, TRY).done(CARD_REFUND, TRY).asks())
        .containsExactly("card-refund CONFIRM");
    assertThat(saga.done(CARD_REFUND, CONFIRM).asks()).containsExactly("wallet-refund CONFIRM");
    assertThat(saga.done(WALLET_REFUND, CONFIRM).asks()).containsExactly("returns TRY");
    assertThat(saga.done(RETURNS, TRY).state()).isEqualTo(new SagaState.Confirmed());
  }

  @Test
  void everyoneGetsWhatConcernsThem() {
    var saga = refund(300, 600, new PlaceOrder.Line("PEN", 1));

    assertThat(saga.request(WALLET_REFUND))
        .isEqualTo(new RefundToWallet(WALLET, 300, "EUR", "order-refund", REFUND.toString()));
    assertThat(saga.request(CARD_REFUND)).isEqualTo(new RefundPayment(ORDER, 600, "EUR"));
    assertThat(saga.request(RETURNS))
        .isEqualTo(new ReturnGoods(ORDER, List.of(new HoldStock.Line("PEN", 1))));
  }

  @Test
  void whoPaidNothingGetsNothing() {
    assertThat(refund(300, 0).asks()).containsExactly("wallet-refund TRY");
    assertThat(refund(0, 600).asks()).containsExactly("card-refund TRY");
  }

  @Test
  void goodsThatAreLostDoNotComeBack() {
    var saga = refund(300, 0).done(WALLET_REFUND, TRY).done(WALLET_REFUND, CONFIRM);

    assertThat(saga.state()).isEqualTo(new SagaState.Confirmed());
  }

  @Test
  void aRefundThatTheCardsProviderDeclinesGivesTheWalletNothingAndNoGoodsComeBack() {
    var saga = refund(300, 600, new PlaceOrder.Line("PEN", 1));

    saga.done(WALLET_REFUND, TRY)
        .done(CARD_REFUND, TRY)
        .refused(CARD_REFUND, CONFIRM, new Reason("REFUND_DECLINED", "refund declined"));

    assertThat(saga.asks()).containsExactly("wallet-refund CANCEL", "card-refund CANCEL");
  }
}
