package io.holdfast.payment.transfer;

import static io.holdfast.payment.FaultyNetwork.Fault.ANSWER_LOST;
import static io.holdfast.payment.FaultyNetwork.Fault.LOST;
import static io.holdfast.payment.FaultyNetwork.Fault.NONE;
import static io.holdfast.payment.FaultyNetwork.NETWORK;
import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.contracts.payment.PaymentContract;
import io.holdfast.contracts.payment.PreparePayout;
import io.holdfast.messaging.BatchConsumers;
import io.holdfast.messaging.UuidV7;
import io.holdfast.participant.testing.CommandDriver;
import io.holdfast.payment.Notifier;
import io.holdfast.payment.PaymentServiceTest;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Money to a bank account: once for each withdrawal. */
@PaymentServiceTest
@Tag("R-W3")
class PayoutIT {

  private static final int ACTORS = 100;

  @Autowired private BatchConsumers consumers;
  @Autowired private JdbcClient jdbc;

  private CommandDriver<PreparePayout> driver;

  @BeforeEach
  void makeDriver() {
    driver = new CommandDriver<>(PaymentContract.PAYOUT, consumers, jdbc);
  }

  @AfterEach
  void healNetwork() {
    NETWORK.heals();
  }

  private static PreparePayout payout(UUID withdrawal, String destination) {
    return new PreparePayout(withdrawal, 4_200, "EUR", destination);
  }

  private List<String> atProvider(UUID withdrawal) {
    return jdbc.sql("select status from sandbox_transfer where metadata ->> 'withdrawal_id' = ?")
        .param(withdrawal.toString())
        .query((row, _) -> row.getString(1))
        .list();
  }

  private CommandDriver.Answer paidOut(UUID withdrawal, String destination) {
    var saga = CommandDriver.newSaga();
    assertThat(driver.ask(driver.tryIt(saga, payout(withdrawal, destination))).isDone()).isTrue();
    assertThat(atProvider(withdrawal)).isEmpty();
    return driver.ask(driver.confirm(saga));
  }

  @Test
  void payoutIsSentOnConfirmAndDoneWhenTheBankHasIt() {
    var withdrawal = UuidV7.next();

    assertThat(paidOut(withdrawal, "ba_good").isDone()).isTrue();
    assertThat(atProvider(withdrawal)).containsExactly("paid");
  }

  @Test
  void payoutThatTheBankDoesNotTakeIsDeclined() {
    var withdrawal = UuidV7.next();

    var confirm = paidOut(withdrawal, "ba_declined");

    assertThat(confirm.isRefused()).isTrue();
    assertThat(confirm.reason().code()).isEqualTo("PAYOUT_FAILED");
    assertThat(atProvider(withdrawal)).containsExactly("failed");
  }

  @Test
  void accountThatTheProviderDoesNotKnowIsDeclined() {
    var confirm = paidOut(UuidV7.next(), "nonsense");

    assertThat(confirm.isRefused()).isTrue();
    assertThat(confirm.reason().code()).isEqualTo("PAYMENT_REJECTED");
  }

  @Test
  void droppedPayoutIsNotSent() {
    var withdrawal = UuidV7.next();
    var saga = CommandDriver.newSaga();
    driver.ask(driver.tryIt(saga, payout(withdrawal, "ba_good")));

    assertThat(driver.ask(driver.cancel(saga)).isDone()).isTrue();
    assertThat(atProvider(withdrawal)).isEmpty();
  }

  @Test
  void payoutThatCannotBeIsRefused() {
    var id = UuidV7.next();

    assertThat(
            List.of(
                new PreparePayout(id, 0, "EUR", "ba_good"),
                new PreparePayout(id, 1, "euro", "ba_good"),
                new PreparePayout(id, 1, "EUR", " ")))
        .allSatisfy(
            request ->
                assertThat(
                        driver.ask(driver.tryIt(CommandDriver.newSaga(), request)).reason().code())
                    .isEqualTo("INVALID_REQUEST"));
  }

  @Test
  @Tag("F13")
  void accountThatLosesEveryAnswerIsPaidOnce() {
    var withdrawal = UuidV7.next();

    assertThat(paidOut(withdrawal, "ba_lostAnswer").isDone()).isTrue();
    assertThat(atProvider(withdrawal)).containsExactly("paid");
  }

  @Test
  @Tag("F12")
  @Tag("F13")
  void everyPayoutIsPaidOnceOnANetworkThatLosesAThirdOfEverything() {
    var random = new Random(5);
    NETWORK.loses(
        _ ->
            switch (random.nextInt(12)) {
              case 0 -> LOST;
              case 1, 2, 3 -> ANSWER_LOST;
              default -> NONE;
            });
    var withdrawals = IntStream.range(0, 12).mapToObj(_ -> UuidV7.next()).toList();
    var sagas = withdrawals.stream().map(_ -> CommandDriver.newSaga()).toList();
    driver.deliver(
        IntStream.range(0, 12)
            .mapToObj(i -> driver.tryIt(sagas.get(i), payout(withdrawals.get(i), "ba_good")))
            .toList());
    var confirms = sagas.stream().map(driver::confirm).toList();

    driver.deliver(confirms);

    assertThat(driver.answersTo(confirms)).allMatch(CommandDriver.Answer::isDone);
    assertThat(withdrawals)
        .allSatisfy(withdrawal -> assertThat(atProvider(withdrawal)).containsExactly("paid"));
  }

  /** However many sagas want to pay one withdrawal out, one does. */
  @Test
  void hundredSagasPayOneWithdrawalOutOnce() throws InterruptedException, ExecutionException {
    for (int round = 0; round < 5; round++) {
      var withdrawal = UuidV7.next();
      var tries =
          IntStream.range(0, ACTORS)
              .mapToObj(_ -> driver.tryIt(CommandDriver.newSaga(), payout(withdrawal, "ba_good")))
              .toList();

      Notifier.atOnce(
          tries.stream()
              .map(
                  command ->
                      (Callable<Boolean>)
                          () -> {
                            driver.deliver(command);
                            return true;
                          })
              .toList());
      var answers = driver.answersTo(tries);
      var confirms =
          IntStream.range(0, ACTORS)
              .filter(i -> answers.get(i).isDone())
              .mapToObj(i -> driver.confirm(tries.get(i).sagaId()))
              .toList();
      driver.deliver(confirms);

      assertThat(confirms).hasSize(1);
      assertThat(answers.stream().filter(CommandDriver.Answer::isRefused))
          .hasSize(ACTORS - 1)
          .allMatch(answer -> answer.reason().code().equals("PAYOUT_EXISTS"));
      assertThat(driver.answersTo(confirms)).allMatch(CommandDriver.Answer::isDone);
      assertThat(atProvider(withdrawal)).containsExactly("paid");
    }
  }
}
