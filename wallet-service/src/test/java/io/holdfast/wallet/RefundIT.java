package io.holdfast.wallet;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.contracts.SagaId;
import io.holdfast.contracts.wallet.RefundToWallet;
import io.holdfast.contracts.wallet.WalletContract;
import io.holdfast.messaging.BatchConsumers;
import io.holdfast.messaging.UuidV7;
import io.holdfast.participant.testing.CommandDriver;
import io.holdfast.testing.HoldfastTest;
import io.holdfast.testing.StatementCounter;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.jdbc.core.simple.JdbcClient;

@HoldfastTest("spring.config.name=wallet-service")
@Tag("R-W4")
class RefundIT {

  @LocalServerPort private int port;
  @Autowired private BatchConsumers consumers;
  @Autowired private JdbcClient jdbc;
  @Autowired private StatementCounter statements;
  private WalletHttp http;
  private CommandDriver<RefundToWallet> driver;

  @BeforeEach
  void connect() {
    http = new WalletHttp(port);
    driver = new CommandDriver<>(WalletContract.WALLET_REFUND, consumers, jdbc);
  }

  private static RefundToWallet refund(UUID walletId, long amountMinor, String referenceId) {
    return new RefundToWallet(walletId, amountMinor, "EUR", "order", referenceId);
  }

  private SagaId paid(RefundToWallet refund) {
    var saga = CommandDriver.newSaga();
    assertThat(driver.ask(driver.tryIt(saga, refund)).isDone()).isTrue();
    assertThat(driver.ask(driver.confirm(saga)).isDone()).isTrue();
    return saga;
  }

  @Test
  void confirmedRefundIsPaidOnceHoweverOftenItIsSaid() {
    var walletId = http.walletWith(100);

    var saga = paid(refund(walletId, 40, "o1"));
    driver.ask(driver.confirm(saga));

    assertThat(http.wallet(walletId)).isEqualTo(new Wallet(walletId, "EUR", 140, 0, 0, 0, 100, 40));
  }

  @Test
  void preparedRefundMovesNothingYet() {
    var walletId = http.walletWith(100);

    driver.ask(driver.tryIt(CommandDriver.newSaga(), refund(walletId, 40, "o1")));

    assertThat(http.wallet(walletId).availableMinor()).isEqualTo(100);
  }

  @Test
  void anotherSagaOfTheSameReferenceIsRefusedAlsoInTheSameBatch() {
    var walletId = http.walletWith(100);
    paid(refund(walletId, 40, "o1"));

    var later = driver.ask(driver.tryIt(CommandDriver.newSaga(), refund(walletId, 40, "o1")));
    var batch =
        List.of(
            driver.tryIt(CommandDriver.newSaga(), refund(walletId, 40, "o2")),
            driver.tryIt(CommandDriver.newSaga(), refund(walletId, 40, "o2")));
    driver.deliver(batch);
    var answers = driver.answersTo(batch);

    assertThat(later.reason().code()).isEqualTo("ALREADY_REFUNDED");
    assertThat(answers.get(0).isDone()).isTrue();
    assertThat(answers.get(1).isRefused()).isTrue();
  }

  @Test
  void cancelledRefundMayBeTriedAgain() {
    var walletId = http.walletWith(100);
    var saga = CommandDriver.newSaga();
    driver.ask(driver.tryIt(saga, refund(walletId, 40, "o1")));
    driver.ask(driver.cancel(saga));

    paid(refund(walletId, 30, "o1"));

    assertThat(http.wallet(walletId).refundedMinor()).isEqualTo(30);
  }

  @Test
  @Tag("R-W6")
  void firstMoneyOfAWalletMayBeARefund() {
    var walletId = UuidV7.next();

    paid(refund(walletId, 40, "o1"));

    assertThat(http.wallet(walletId)).isEqualTo(new Wallet(walletId, "EUR", 40, 0, 0, 0, 0, 40));
  }

  @Test
  void refusesAnotherCurrencyAndWhatCannotBeStored() {
    var walletId = http.walletWith(100);

    var usd = new RefundToWallet(walletId, 1, "USD", "order", "o1");
    var nothing = refund(walletId, 0, "o1");
    var noReference = refund(walletId, 1, "");

    assertThat(driver.ask(driver.tryIt(CommandDriver.newSaga(), usd)).reason().code())
        .isEqualTo("CURRENCY_MISMATCH");
    assertThat(driver.ask(driver.tryIt(CommandDriver.newSaga(), nothing)).reason().code())
        .isEqualTo("INVALID_REQUEST");
    assertThat(driver.ask(driver.tryIt(CommandDriver.newSaga(), noReference)).reason().code())
        .isEqualTo("INVALID_REQUEST");
  }

  @Test
  void statementsPerBatchDoNotGrowWithTheBatch() {
    var small = mixedBatch(1);
    var large = mixedBatch(20);

    var forSmall = statements.executedBy(() -> driver.deliver(small));
    var forLarge = statements.executedBy(() -> driver.deliver(large));

    assertThat(forLarge).isEqualTo(forSmall).hasSize(5 + 7);
  }

  private List<io.holdfast.messaging.Envelope> mixedBatch(int size) {
    var batch = new ArrayList<io.holdfast.messaging.Envelope>();
    for (int i = 0; i < size; i++) {
      var walletId = http.walletWith(100);
      var confirmed = CommandDriver.newSaga();
      var cancelled = CommandDriver.newSaga();
      driver.ask(driver.tryIt(confirmed, refund(walletId, 1, "a")));
      driver.ask(driver.tryIt(cancelled, refund(walletId, 1, "b")));
      batch.add(driver.confirm(confirmed));
      batch.add(driver.cancel(cancelled));
      batch.add(driver.tryIt(CommandDriver.newSaga(), refund(walletId, 1, "c")));
    }
    return batch;
  }

  @Test
  void hundredSagasOfOneReferenceAtOncePayOnce() {
    for (boolean isKnown : new boolean[] {true, false}) {
      var walletId = isKnown ? http.walletWith(100) : UuidV7.next();

      var paid =
          Race.of(
              100,
              _ ->
                  () -> {
                    var saga = CommandDriver.newSaga();
                    var tried = driver.tryIt(saga, refund(walletId, 40, "o1"));
                    driver.deliver(tried);
                    if (!driver.answerTo(tried).isDone()) {
                      return false;
                    }
                    driver.deliver(driver.confirm(saga));
                    return true;
                  });

      assertThat(paid.stream().filter(one -> one)).hasSize(1);
      assertThat(http.wallet(walletId).refundedMinor()).isEqualTo(40);
    }
    http.checkLedger();
  }
}
