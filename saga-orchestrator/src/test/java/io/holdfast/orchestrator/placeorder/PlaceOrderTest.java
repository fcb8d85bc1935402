package io.holdfast.orchestrator.placeorder;

import static io.holdfast.contracts.Phase.CANCEL;
import static io.holdfast.contracts.Phase.CONFIRM;
import static io.holdfast.contracts.Phase.TRY;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.holdfast.contracts.ParticipantContract;
import io.holdfast.contracts.Phase;
import io.holdfast.contracts.Reason;
import io.holdfast.contracts.Reply;
import io.holdfast.contracts.inventory.HoldStock;
import io.holdfast.contracts.payment.AuthorizePayment;
import io.holdfast.contracts.saga.PlaceOrder;
import io.holdfast.contracts.wallet.BalanceHeld;
import io.holdfast.contracts.wallet.HoldBalance;
import io.holdfast.contracts.wallet.WalletContract;
import io.holdfast.messaging.Json;
import io.holdfast.saga.Decision;
import io.holdfast.saga.InvalidDefinition;
import io.holdfast.saga.SagaData;
import io.holdfast.saga.SagaDefinition;
import io.holdfast.saga.SagaEvent;
import io.holdfast.saga.SagaMachine;
import io.holdfast.saga.SagaState;
import io.holdfast.saga.Step;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What the saga {@code place-order} asks of whom, and when. */
@Tag("R-S1")
class PlaceOrderTest {

  private static final int APPROVAL = 0;
  private static final int INVENTORY = 1;
  private static final int WALLET = 2;
  private static final int PAYMENT = 3;
  private static final Duration A_DAY = Duration.ofDays(1);

  private static final UUID CUSTOMER = UUID.randomUUID();
  private static final PlaceOrder.Line PEN = new PlaceOrder.Line("PEN", 2);
  private static final PlaceOrder.Line TEA = new PlaceOrder.Line("TEA", 1);

  private final SagaDefinition<PlaceOrder> definition =
      new PlaceOrderConfiguration().placeOrder(Duration.ofSeconds(30), A_DAY);

  /**
   * An order under way.
   *
   * @param heldMinor what the wallet has answered, or null
   */
  private record Order(PlaceOrder input, @Nullable Long heldMinor) implements SagaData<PlaceOrder> {

    @Override
    public <R> Optional<R> answer(ParticipantContract<?> participant, Class<R> type) {
      return participant.equals(WalletContract.WALLET) && heldMinor != null
          ? Optional.of(type.cast(new BalanceHeld(heldMinor)))
          : Optional.empty();
    }

    Order whoseWalletHeld(long amountMinor) {
      return new Order(input, amountMinor);
    }
  }

  private static Order order(long totalMinor, @Nullable String card, PlaceOrder.Line... lines) {
    return new Order(new PlaceOrder(CUSTOMER, List.of(lines), totalMinor, "EUR", card), null);
  }

  private Object asked(int step, Order order) {
    return ((Step.Asked<PlaceOrder>) definition.steps().get(step)).request().apply(order);
  }

  private Decision started(Order order) {
    return SagaMachine.start(definition.planFor(order));
  }

  private Decision replied(Order order, Decision before, int step, Phase phase, Reply reply) {
    return SagaMachine.decide(
        definition.planFor(order), before.next(), new SagaEvent.Replied(step, phase, reply));
  }

  private Decision done(Order order, Decision before, int step, Phase phase) {
    return replied(order, before, step, phase, Reply.Done.WITHOUT_DATA);
  }

  /** The order once stock and balance are held. */
  private Decision held(Order order) {
    return done(order, done(order, started(order), INVENTORY, TRY), WALLET, TRY);
  }

  private List<String> asks(Decision decision) {
    var names = new ArrayList<String>();
    decision
        .to()
        .forEach(step -> names.add(definition.steps().get(step).name() + " " + decision.phase()));
    return names;
  }

  /** By this the order service splits refunds. */
  @Test
  @Tag("R-P5")
  void itsEndTellsWhoPaidWhatWhereItsInputDoesNot() {
    var withCard = order(900, "pm_card_visa", PEN);

    assertThat(definition.result().apply(order(900, null, PEN).whoseWalletHeld(900)))
        .isEqualTo(Optional.empty());
    assertThat(definition.result().apply(withCard.whoseWalletHeld(400)))
        .isEqualTo(Optional.of(new PlaceOrder.Paid(400, 500)));
    assertThat(definition.result().apply(withCard.whoseWalletHeld(900)))
        .isEqualTo(Optional.of(new PlaceOrder.Paid(900, 0)));
  }

  @Test
  void stockAndBalanceAreHeldAtTheSameTime() {
    assertThat(asks(started(order(900, null, PEN)))).containsExactly("inventory TRY", "wallet TRY");
  }

  private static Order needingApproval() {
    return new Order(
        new PlaceOrder(CUSTOMER, List.of(PEN), 900, "EUR", null, null, List.of(), true), null);
  }

  @Test
  @Tag("R-O6")
  void anOrderThatNeedsApprovalHoldsNothingBeforeTheReviewersWord() {
    var order = needingApproval();

    var started = started(order);
    var approved = done(order, started, APPROVAL, TRY);

    assertThat(asks(started)).isEmpty();
    assertThat(definition.awaitedIn(started.next())).map(Step.Awaited::limit).contains(A_DAY);
    assertThat(asks(approved)).containsExactly("inventory TRY", "wallet TRY");
  }

  @Test
  @Tag("R-O6")
  void aRejectedOrderEndsAndNobodyWasAsked() {
    var order = needingApproval();
    var rejected = new Reason("REJECTED", "the reviewer said no");

    var end = replied(order, started(order), APPROVAL, TRY, new Reply.Refused(rejected));
    var unanswered =
        SagaMachine.decide(
            definition.planFor(order), started(order).next(), new SagaEvent.DeadlinePassed());

    assertThat(end.next()).isEqualTo(new SagaState.Cancelled(rejected));
    assertThat(asks(end)).isEmpty();
    assertThat(unanswered.next()).isEqualTo(new SagaState.Cancelled(Reason.NOT_ANSWERED_IN_TIME));
  }

  @Test
  @Tag("R-W9")
  void anOrderOfServicesOnlyAsksTheWalletAlone() {
    var metered = List.of(new HoldBalance.Metered("sms", 20, 5));
    var order =
        new Order(
            new PlaceOrder(CUSTOMER, List.of(), 100, "EUR", null, "GIFT", metered, false), null);

    assertThat(asks(started(order))).containsExactly("wallet TRY");
    assertThat(asked(WALLET, order))
        .isEqualTo(new HoldBalance(CUSTOMER, 100, "EUR", false, "GIFT", metered));
    assertThat(asks(done(order.whoseWalletHeld(100), started(order), WALLET, TRY)))
        .containsExactly("wallet CONFIRM");
  }

  @Test
  void aSagaThatBeganBeforeApprovalsEndsAsItBegan() {
    var first = new PlaceOrderConfiguration().placeOrderBeforeApproval(Duration.ofSeconds(30));

    var order =
        Json.read(
            """
            {"walletId":"%s","lines":[{"sku":"PEN","quantity":2}],"totalMinor":900,
             "currency":"EUR","paymentMethod":null}
            """
                .formatted(CUSTOMER),
            first.inputType());

    assertThat(first.version()).isEqualTo(1);
    assertThat(definition.version()).isEqualTo(2);
    assertThat(first.steps())
        .extracting(Step::name)
        .containsExactly("inventory", "wallet", "payment");
    assertThat(order.totalMinor()).isEqualTo(900);
    assertThat(Json.read("{\"amountMinor\":900}", PlaceOrderBeforeApproval.Held.class))
        .isEqualTo(new PlaceOrderBeforeApproval.Held(900));
    assertThat(first.result().apply(begunBeforeApprovals(order, 900))).isEqualTo(Optional.empty());
    assertThat(first.result().apply(begunBeforeApprovals(byCard(order), 400)))
        .isEqualTo(Optional.of(new PlaceOrder.Paid(400, 500)));
  }

  private static PlaceOrderBeforeApproval.Order byCard(PlaceOrderBeforeApproval.Order order) {
    return new PlaceOrderBeforeApproval.Order(
        order.walletId(), order.lines(), order.totalMinor(), order.currency(), "pm_card_visa");
  }

  private static SagaData<PlaceOrderBeforeApproval.Order> begunBeforeApprovals(
      PlaceOrderBeforeApproval.Order order, long heldMinor) {
    return new SagaData<>() {
      @Override
      public PlaceOrderBeforeApproval.Order input() {
        return order;
      }

      @Override
      public <R> Optional<R> answer(ParticipantContract<?> participant, Class<R> type) {
        return Optional.of(type.cast(new PlaceOrderBeforeApproval.Held(heldMinor)));
      }
    };
  }

  @Test
  void everyLineIsHeldAsItWasOrdered() {
    var order = order(900, null, PEN, TEA, PEN);

    assertThat(asked(INVENTORY, order))
        .isEqualTo(
            new HoldStock(
                List.of(
                    new HoldStock.Line("PEN", 2),
                    new HoldStock.Line("TEA", 1),
                    new HoldStock.Line("PEN", 2))));
  }

  @Test
  void withoutACardTheWalletHoldsAllOrNothingAndNobodyElsePays() {
    var order = order(900, null, PEN);

    assertThat(asked(WALLET, order)).isEqualTo(new HoldBalance(CUSTOMER, 900, "EUR", false));
    assertThat(asks(held(order.whoseWalletHeld(900))))
        .containsExactly("inventory CONFIRM", "wallet CONFIRM");
  }

  @Test
  void withACardTheWalletHoldsWhatItHas() {
    assertThat(asked(WALLET, order(900, "pm_card_visa", PEN)))
        .isEqualTo(new HoldBalance(CUSTOMER, 900, "EUR", true));
  }

  @Test
  void aWalletThatCoversAllLeavesTheCardAlone() {
    var order = order(900, "pm_card_visa", PEN).whoseWalletHeld(900);

    assertThat(asks(held(order))).containsExactly("inventory CONFIRM", "wallet CONFIRM");
  }

  @Test
  void anEmptyWalletLeavesAllToTheCard() {
    var order = order(900, "pm_card_visa", PEN).whoseWalletHeld(0);

    assertThat(asks(held(order))).containsExactly("payment TRY");
    assertThat(asked(PAYMENT, order)).isEqualTo(new AuthorizePayment(900, "EUR", "pm_card_visa"));
  }

  @Test
  void whatTheWalletDoesNotPayTheCardPaysToTheCent() {
    var order = order(900, "pm_card_visa", PEN).whoseWalletHeld(899);

    assertThat(asks(held(order))).containsExactly("payment TRY");
    assertThat(asked(PAYMENT, order)).isEqualTo(new AuthorizePayment(1, "EUR", "pm_card_visa"));
  }

  @Test
  @Tag("F13")
  void theCaptureComesFirstAndAloneAndTheOthersConfirmAfterIt() {
    var order = order(900, "pm_card_visa", PEN).whoseWalletHeld(100);

    var authorised = done(order, held(order), PAYMENT, TRY);
    var captured = done(order, authorised, PAYMENT, CONFIRM);

    assertThat(asks(authorised)).containsExactly("payment CONFIRM");
    assertThat(authorised.next()).isInstanceOf(SagaState.Pivoting.class);
    assertThat(asks(captured)).containsExactly("inventory CONFIRM", "wallet CONFIRM");
  }

  @Test
  @Tag("F13")
  void aDeclinedCaptureGivesEverythingBackWithTheCardsReason() {
    var order = order(900, "pm_card_visa", PEN).whoseWalletHeld(100);
    var declined = new Reason("CARD_DECLINED", "card declined");

    var cancelled =
        replied(
            order,
            done(order, held(order), PAYMENT, TRY),
            PAYMENT,
            CONFIRM,
            new Reply.Refused(declined));

    assertThat(asks(cancelled))
        .containsExactly("inventory CANCEL", "wallet CANCEL", "payment CANCEL");
    assertThat(reasonOf(cancelled)).isEqualTo(declined);
  }

  @Test
  @Tag("R-I2")
  void theReasonOfARefusalIsTheReasonOfTheOrder() {
    var noStock = new Reason("INSUFFICIENT_STOCK", "insufficient stock: PEN");
    var noBalance = new Reason("INSUFFICIENT_BALANCE", "insufficient balance");
    var declined = new Reason("CARD_DECLINED", "card declined");
    var order = order(900, "pm_card_visa", PEN).whoseWalletHeld(100);

    var byStock = replied(order, started(order), INVENTORY, TRY, new Reply.Refused(noStock));
    var byWallet = replied(order, started(order), WALLET, TRY, new Reply.Refused(noBalance));
    var byCard = replied(order, held(order), PAYMENT, TRY, new Reply.Refused(declined));

    assertThat(reasonOf(byStock)).isEqualTo(noStock);
    assertThat(asks(byStock)).containsExactly("wallet CANCEL");
    assertThat(reasonOf(byWallet)).isEqualTo(noBalance);
    assertThat(asks(byWallet)).containsExactly("inventory CANCEL");
    assertThat(reasonOf(byCard)).isEqualTo(declined);
    assertThat(asks(byCard)).containsExactly("inventory CANCEL", "wallet CANCEL");
  }

  @Test
  @Tag("R-S2")
  void aPassedDeadlineCancelsWhoWasAskedAndNobodyElse() {
    var order = order(900, "pm_card_visa", PEN);

    var cancelled =
        SagaMachine.decide(
            definition.planFor(order), started(order).next(), new SagaEvent.DeadlinePassed());

    assertThat(asks(cancelled)).containsExactly("inventory CANCEL", "wallet CANCEL");
    assertThat(reasonOf(cancelled)).isEqualTo(Reason.DEADLINE_PASSED);
    assertThat(cancelled.phase()).isEqualTo(CANCEL);
  }

  @Test
  @Tag("F8")
  void aDeadlineThatOutlivesTheReservationsIsRefusedAndEachOfThemNamed() {
    assertThat(definition.deadline()).isEqualTo(Duration.ofSeconds(30));
    assertThatExceptionOfType(InvalidDefinition.class)
        .isThrownBy(() -> new PlaceOrderConfiguration().placeOrder(Duration.ofMinutes(8), A_DAY))
        .satisfies(
            invalid -> {
              assertThat(invalid.faults()).hasSize(3);
              assertThat(invalid).hasMessageContainingAll("inventory", "wallet", "payment");
            });
  }

  private static Reason reasonOf(Decision decision) {
    return ((SagaState.Cancelling) decision.next()).reason();
  }
}
