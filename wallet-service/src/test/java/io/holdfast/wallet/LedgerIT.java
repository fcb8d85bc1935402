package io.holdfast.wallet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.holdfast.contracts.wallet.HoldBalance;
import io.holdfast.contracts.wallet.WalletContract;
import io.holdfast.messaging.BatchConsumers;
import io.holdfast.messaging.UuidV7;
import io.holdfast.participant.testing.CommandDriver;
import io.holdfast.testing.HoldfastTest;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.UUID;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;

@HoldfastTest({
  "spring.config.name=wallet-service",
  "holdfast.wallet.ledger-check.every=100ms",
  "holdfast.wallet.ledger-check.page=3"
})
@Tag("R-W8")
class LedgerIT {

  @LocalServerPort private int port;
  @Autowired private BatchConsumers consumers;
  @Autowired private JdbcClient jdbc;
  @Autowired private MeterRegistry metrics;
  private WalletHttp http;
  private CommandDriver<HoldBalance> driver;

  @BeforeEach
  void connect() {
    http = new WalletHttp(port);
    driver = new CommandDriver<>(WalletContract.WALLET, consumers, jdbc);
  }

  private UUID walletWithHistory() {
    var walletId = http.walletWith(1_000);
    var saga = CommandDriver.newSaga();
    driver.ask(driver.tryIt(saga, new HoldBalance(walletId, 300, "EUR", false)));
    driver.ask(driver.confirm(saga));
    http.withdraw(walletId, UuidV7.next(), 100).ok();
    return walletId;
  }

  @Test
  void statementHasBothAccountsOfEveryMovementByPages() {
    var walletId = walletWithHistory();

    var lines = new ArrayList<String>();
    String after = "";
    while (true) {
      var page = http.get("/wallets/" + walletId + "/entries?limit=3" + after).ok().json();
      for (var line : page.get("entries")) {
        lines.add(
            "%s %s>%s %d"
                .formatted(
                    line.get("operation").asString(),
                    line.get("debit").asString(),
                    line.get("credit").asString(),
                    line.get("amountMinor").asLong()));
      }
      if (page.get("next").isNull()) {
        break;
      }
      after = "&after=" + page.get("next").asString();
    }

    assertThat(lines)
        .containsExactly(
            "WITHDRAWAL_HOLD AVAILABLE>HELD 100",
            "HOLD AVAILABLE>HELD 300",
            "CONFIRM HELD>SPENT 300",
            "CREDIT CREDITS>AVAILABLE 1000");
  }

  @Test
  void wrongCursorAndLimitAreProblems() {
    String path = "/wallets/" + UuidV7.next() + "/entries";

    assertThat(http.get(path).ok().json().get("entries")).isEmpty();
    assertThat(http.get(path + "?after=x").code()).isEqualTo("INVALID_FIELD");
    assertThat(http.get(path + "?after=x:HOLD").code()).isEqualTo("INVALID_FIELD");
    assertThat(http.get(path + "?limit=0").code()).isEqualTo("INVALID_FIELD");
    assertThat(http.get(path + "?limit=100000").code()).isEqualTo("INVALID_FIELD");
    assertThat(http.get(path + "?before=x").code()).isEqualTo("UNKNOWN_FIELD");
  }

  @Test
  void entriesCannotBeChangedByTheServiceItself() {
    walletWithHistory();

    for (String sql :
        new String[] {
          "update wallet_entry set amount_minor = 1",
          "delete from wallet_entry",
          "truncate wallet_entry",
          "delete from quota_entry"
        }) {
      assertThatThrownBy(() -> jdbc.sql(sql).update())
          .isInstanceOf(DataAccessException.class)
          .rootCause()
          .hasMessageContaining("permission denied");
    }
  }

  @Test
  void entryBetweenTheWrongAccountsCannotBeStored() {
    assertThatThrownBy(
            () ->
                jdbc.sql(
                        """
                        insert into wallet_entry (wallet_id, cause_id, operation, debit_account,
                          credit_account, amount_minor)
                        values (?, ?, 'CONFIRM', 'AVAILABLE', 'SPENT', 1)
                        """)
                    .params(UuidV7.next(), UuidV7.next())
                    .update())
        .isInstanceOf(DataAccessException.class)
        .rootCause()
        .hasMessageContaining("wallet_entry_accounts");
  }

  @Test
  void rebuiltTotalsAreThoseThatAreStored() {
    walletWithHistory();

    var result = http.post("/ledger/checks").ok().json();

    assertThat(result.get("differences")).isEmpty();
    assertThat(result.get("wallets").asLong()).isPositive();
    assertThat(result.get("entries").asLong()).isGreaterThanOrEqualTo(4);
    var eur = result.get("balances").get("EUR");
    assertThat(
            eur.get("AVAILABLE").asLong()
                + eur.get("HELD").asLong()
                + eur.get("SPENT").asLong()
                + eur.get("WITHDRAWN").asLong())
        .isEqualTo(eur.get("CREDITS").asLong() + eur.get("REFUNDS").asLong());
  }

  @Test
  void totalsThatTheEntriesDoNotSayAreFoundOnLineAndOnDemandAndCounted() {
    var walletId = walletWithHistory();
    double before = failures();
    change(walletId, 5);
    try {
      // The check pauses for a hundred times what its last page took, a wait for a connection
      // included.
      Awaitility.await().atMost(Duration.ofSeconds(90)).until(() -> failures() > before);

      var differences = http.post("/ledger/checks").ok().json().get("differences");

      assertThat(differences).hasSize(1);
      assertThat(differences.get(0).get("id").asString()).isEqualTo(walletId.toString());
      assertThat(differences.get(0).get("stored").get("availableMinor").asLong()).isEqualTo(605);
      assertThat(differences.get(0).get("rebuilt").get("availableMinor").asLong()).isEqualTo(600);
    } finally {
      change(walletId, -5);
    }
    http.checkLedger();
  }

  private double failures() {
    return metrics.counter("wallet.conservation.check.failures").count();
  }

  private void change(UUID walletId, long minor) {
    jdbc.sql(
            """
            update wallet
            set available_minor = available_minor + ?, credited_minor = credited_minor + ?
            where wallet_id = ?
            """)
        .params(minor, minor, walletId)
        .update();
  }

  @Test
  void firstOfAllWalletsIsCheckedToo() {
    var walletId = new UUID(0, 0);
    http.credit(walletId, 1_000, "first").ok();
    change(walletId, 5);
    try {
      var differences = http.post("/ledger/checks").ok().json().get("differences");

      assertThat(differences).hasSize(1);
      assertThat(differences.get(0).get("id").asString()).isEqualTo(walletId.toString());
    } finally {
      change(walletId, -5);
    }
    http.checkLedger();
  }

  @Test
  @Tag("R-W2")
  void hundredCreditsAtOnceAreAllThereAndRepeatedOnesOnce() {
    var walletId = UuidV7.next();

    var answers = Race.of(200, i -> () -> http.credit(walletId, 10 + i % 100, "r" + i % 100));

    assertThat(answers).allMatch(answer -> answer.status() == 200);
    long sum = 100 * 10 + 99 * 100 / 2;
    assertThat(http.wallet(walletId)).isEqualTo(new Wallet(walletId, "EUR", sum, 0, 0, 0, sum, 0));
    http.checkLedger();
  }

  @Test
  @Tag("R-W1")
  void ordersAndWithdrawalsThatRaceNeverSpendMoreThanThereIs() {
    var walletId = http.walletWith(3_000);

    var paid =
        Race.of(
            120,
            i ->
                () -> {
                  if (i % 2 == 0) {
                    return http.withdraw(walletId, UuidV7.next(), 100).status() == 200;
                  }
                  var tried =
                      driver.tryIt(
                          CommandDriver.newSaga(), new HoldBalance(walletId, 100, "EUR", false));
                  driver.deliver(tried);
                  return driver.answerTo(tried).isDone();
                });

    assertThat(paid.stream().filter(one -> one)).hasSize(30);
    assertThat(http.wallet(walletId))
        .isEqualTo(new Wallet(walletId, "EUR", 0, 3_000, 0, 0, 3_000, 0));
    http.checkLedger();
  }
}
