package io.holdfast.orchestrator.refundorder;

import static io.holdfast.contracts.Phase.CANCEL;
import static io.holdfast.contracts.Phase.CONFIRM;
import static io.holdfast.contracts.Phase.TRY;
import static io.holdfast.contracts.inventory.InventoryContract.RETURNS;
import static io.holdfast.contracts.payment.PaymentContract.CARD_REFUND;
import static io.holdfast.contracts.wallet.WalletContract.WALLET_REFUND;
import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.contracts.Reason;
import io.holdfast.contracts.SagaId;
import io.holdfast.contracts.saga.PlaceOrder;
import io.holdfast.contracts.saga.RefundOrder;
import io.holdfast.messaging.Envelope;
import io.holdfast.messaging.Json;
import io.holdfast.orchestrator.RunningOrchestrator;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The shipped saga in the engine, from its start to its end. */
@Tag("R-S1")
class RefundOrderIT extends RunningOrchestrator {

  private static Envelope start(SagaId saga, long walletMinor, long cardMinor) {
    var refund =
        new RefundOrder(
            UUID.randomUUID(),
            UUID.randomUUID(),
            UUID.randomUUID(),
            walletMinor,
            cardMinor,
            "EUR",
            List.of(new PlaceOrder.Line("PEN", 1)));
    return start(saga, RefundOrder.DEFINITION, Json.text(refund));
  }

  @Test
  void moneyGoesBackToCardAndWalletAndThenGoodsComeBack() {
    var saga = newSaga();

    deliver(start(saga, 300, 600));
    deliver(done(saga, WALLET_REFUND, TRY), done(saga, CARD_REFUND, TRY));
    deliver(done(saga, CARD_REFUND, CONFIRM));
    deliver(done(saga, WALLET_REFUND, CONFIRM));
    deliver(done(saga, RETURNS, TRY));

    assertThat(brief(saga))
        .containsExactly(
            "wallet-refund TRY #1",
            "card-refund TRY #1",
            "card-refund CONFIRM #1",
            "wallet-refund CONFIRM #1",
            "returns TRY #1",
            "refund-order ended CONFIRMED");
  }

  @Test
  void aRefundThatWasPaidBeforeIsRefusedAndNoGoodsComeBack() {
    var saga = newSaga();

    deliver(start(saga, 300, 0));
    deliver(refused(saga, WALLET_REFUND, TRY, new Reason("REFUNDED_BEFORE", "refunded before")));

    assertThat(brief(saga))
        .containsExactly("wallet-refund TRY #1", "refund-order ended CANCELLED REFUNDED_BEFORE");
  }

  @Test
  void whatTheProviderDeclinesIsPaidToNobody() {
    var saga = newSaga();

    deliver(start(saga, 300, 600));
    deliver(done(saga, WALLET_REFUND, TRY), done(saga, CARD_REFUND, TRY));
    deliver(refused(saga, CARD_REFUND, CONFIRM, new Reason("REFUND_DECLINED", "declined")));
    deliver(done(saga, WALLET_REFUND, CANCEL), done(saga, CARD_REFUND, CANCEL));

    assertThat(brief(saga)).endsWith("refund-order ended CANCELLED REFUND_DECLINED");
    assertThat(brief(saga)).noneMatch(said -> said.startsWith("returns"));
  }
}
