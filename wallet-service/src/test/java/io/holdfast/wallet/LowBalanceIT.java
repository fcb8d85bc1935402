package io.holdfast.wallet;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.contracts.wallet.HoldBalance;
import io.holdfast.contracts.wallet.LowBalance;
import io.holdfast.contracts.wallet.WalletContract;
import io.holdfast.messaging.BatchConsumers;
import io.holdfast.messaging.Json;
import io.holdfast.messaging.UuidV7;
import io.holdfast.participant.testing.CommandDriver;
import io.holdfast.participant.testing.OutboxReader;
import io.holdfast.testing.HoldfastTest;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;

/** Wallets that fall below ten are told, once for each fall. */
@HoldfastTest("spring.config.name=wallet-service")
@Tag("R-M2")
class LowBalanceIT {

  @LocalServerPort private int port;
  @Autowired private BatchConsumers consumers;
  @Autowired private JdbcClient jdbc;
  @Autowired private MeterRegistry metrics;
  @Autowired private HoldHandler holds;
  @Autowired private TransactionTemplate transactions;
  private final Instant start = Instant.now();
  private WalletHttp http;
  private CommandDriver<HoldBalance> driver;

  @BeforeEach
  void connect() {
    http = new WalletHttp(port);
    driver = new CommandDriver<>(WalletContract.WALLET, consumers, jdbc);
  }

  private List<LowBalance> lowBalances(UUID walletId) {
    return new OutboxReader(jdbc)
        .since(start).stream()
            .filter(message -> message.type().equals(WalletContract.LOW_BALANCE_TYPE))
            .map(message -> Json.read(message.body(), LowBalance.class))
            .filter(event -> event.walletId().equals(walletId))
            .toList();
  }

  private void hold(UUID walletId, long amountMinor) {
    var order = new HoldBalance(walletId, amountMinor, "EUR", false);
    assertThat(driver.ask(driver.tryIt(CommandDriver.newSaga(), order)).isDone()).isTrue();
  }

  @Test
  void walletThatFallsBelowTenIsToldAndCountedOnce() {
    var walletId = http.walletWith(2_000);
    double before = metrics.counter("wallet.low.balance").count();

    hold(walletId, 1_000);
    var atTheLimit = lowBalances(walletId);
    hold(walletId, 1);
    hold(walletId, 200);

    assertThat(atTheLimit).isEmpty();
    assertThat(lowBalances(walletId)).containsExactly(new LowBalance(walletId, "EUR", 999, 1_000));
    assertThat(metrics.counter("wallet.low.balance").count()).isEqualTo(before + 1);
  }

  @Test
  void walletThatWasAboveAgainIsToldAgainWhateverItIsSpentOn() {
    var walletId = http.walletWith(1_000);

    http.withdraw(walletId, UuidV7.next(), 100).ok();
    http.credit(walletId, 99, "not enough").ok();
    http.held(walletId, 10);
    http.credit(walletId, 11, "enough").ok();
    http.held(walletId, 10);
    http.credit(walletId, 1_000, "more").ok();
    http.charge(walletId, "c1", "sms", 20 + 143).ok();

    assertThat(lowBalances(walletId))
        .extracting(LowBalance::availableMinor)
        .containsExactly(900L, 990L, 989L);
  }

  @Test
  void fallThatManyCauseAtOnceIsToldOnce() {
    for (int round = 0; round < 3; round++) {
      var walletId = http.walletWith(1_000 + 60);

      Race.of(
          120,
          i ->
              () ->
                  switch (i % 3) {
                    case 0 -> http.withdraw(walletId, UuidV7.next(), 1).ok();
                    case 1 -> http.hold(walletId, "h" + i, 1, 60).ok();
                    default -> http.charge(walletId, "c" + i, "sms", i == 2 ? 21 : 1);
                  });

      assertThat(lowBalances(walletId))
          .hasSize(1)
          .allMatch(event -> event.availableMinor() < 1_000);
    }
  }

  @Test
  void lowBalanceThatIsNotCommittedIsNotTold() {
    var walletId = http.walletWith(1_000);

    assertThat(http.withdraw(walletId, UuidV7.next(), 1_001).code())
        .isEqualTo("INSUFFICIENT_BALANCE");
    var saga = CommandDriver.newSaga();
    driver.deliver(
        driver.tryIt(saga, new HoldBalance(walletId, 500, "EUR", false)), driver.cancel(saga));

    assertThat(lowBalances(walletId)).isEmpty();
  }

  @Test
  void fallThatIsRolledBackIsNeitherToldNorCounted() {
    var walletId = http.walletWith(1_000);
    double before = metrics.counter("wallet.low.balance").count();

    transactions.executeWithoutResult(
        transaction -> {
          holds.hold(walletId, new HoldRequest("rental-7", 1, "EUR", 60));
          transaction.setRollbackOnly();
        });

    assertThat(lowBalances(walletId)).isEmpty();
    assertThat(metrics.counter("wallet.low.balance").count()).isEqualTo(before);
    assertThat(http.wallet(walletId).heldMinor()).isZero();
  }
}
