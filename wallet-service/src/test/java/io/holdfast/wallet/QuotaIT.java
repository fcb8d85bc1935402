package io.holdfast.wallet;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.contracts.wallet.BalanceHeld;
import io.holdfast.contracts.wallet.HoldBalance;
import io.holdfast.contracts.wallet.WalletContract;
import io.holdfast.messaging.BatchConsumers;
import io.holdfast.messaging.Json;
import io.holdfast.messaging.UuidV7;
import io.holdfast.participant.testing.CommandDriver;
import io.holdfast.testing.HoldfastTest;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.jdbc.core.simple.JdbcClient;

@HoldfastTest({
  "spring.config.name=wallet-service",
  "holdfast.wallet.quota.sms.allowance=20",
  "holdfast.wallet.quota.sms.unit-price-minor=7",
  "holdfast.wallet.quota.sms.currency=EUR"
})
@Tag("R-W7")
class QuotaIT {

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

  /** The clock that counts is the database's: here it is set. */
  private void setMonth(String sql) {
    jdbc.sql(
            "create or replace function quota_month() returns date language sql volatile as $$ "
                + sql
                + " $$")
        .update();
  }

  @AfterEach
  void resetMonth() {
    setMonth("select date_trunc('month', now() at time zone 'utc')::date");
  }

  private Map<String, Long> usedByMonth(UUID walletId) {
    return jdbc
        .sql("select month::text, used from wallet_quota where wallet_id = ?")
        .param(walletId)
        .query((row, _) -> Map.entry(row.getString(1), row.getLong(2)))
        .list()
        .stream()
        .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
  }

  @Test
  void quotaPaysFirstThenTheBalanceInOneStep() {
    var walletId = http.walletWith(100);

    var free = http.charge(walletId, "c1", "sms", 15).ok().json();
    var mixed = http.charge(walletId, "c2", "sms", 10).ok().json();

    assertThat(free.get("freeUnits").asLong()).isEqualTo(15);
    assertThat(free.get("amountMinor").asLong()).isZero();
    assertThat(mixed.get("freeUnits").asLong()).isEqualTo(5);
    assertThat(mixed.get("amountMinor").asLong()).isEqualTo(35);
    assertThat(http.wallet(walletId)).isEqualTo(new Wallet(walletId, "EUR", 65, 0, 35, 0, 100, 0));
    http.checkLedger();
  }

  @Test
  void checkSaysWhatAChargeWouldDoAndWhy() {
    var walletId = http.walletWith(70);

    assertThat(check(walletId, 20)).isEqualTo("true FREE 20 0");
    assertThat(check(walletId, 30)).isEqualTo("true BALANCE 20 70");
    assertThat(check(walletId, 31)).isEqualTo("false INSUFFICIENT 20 77");
    http.charge(walletId, "c1", "sms", 20).ok();
    assertThat(check(walletId, 1)).isEqualTo("true BALANCE 0 7");
  }

  private String check(UUID walletId, long units) {
    var check =
        http.get("/wallets/" + walletId + "/charges/check?service=sms&units=" + units).ok().json();
    return "%s %s %s %s"
        .formatted(
            check.get("allowed").asBoolean(),
            check.get("why").asString(),
            check.get("freeUnits").asLong(),
            check.get("amountMinor").asLong());
  }

  @Test
  @Tag("R-W6")
  void walletThatDoesNotExistHasItsQuotaAndNoBalance() {
    var walletId = UuidV7.next();

    assertThat(check(walletId, 21)).isEqualTo("false INSUFFICIENT 20 7");
    assertThat(http.charge(walletId, "c1", "sms", 21).code()).isEqualTo("INSUFFICIENT_BALANCE");
    assertThat(http.charge(walletId, "c2", "sms", 20).status()).isEqualTo(200);
    assertThat(http.charge(walletId, "c3", "sms", 1).code()).isEqualTo("INSUFFICIENT_BALANCE");
  }

  @Test
  void refusedChargeTakesNoQuotaAndStaysRefused() {
    var walletId = http.walletWith(6);

    var first = http.charge(walletId, "c1", "sms", 21);
    http.credit(walletId, 1_000, "more").ok();
    var again = http.charge(walletId, "c1", "sms", 21);

    assertThat(first.code()).isEqualTo("INSUFFICIENT_BALANCE");
    assertThat(again.code()).isEqualTo("INSUFFICIENT_BALANCE");
    assertThat(check(walletId, 20)).isEqualTo("true FREE 20 0");
  }

  @Test
  void sameReferenceIsChargedOnceAndForAnotherUseRefused() {
    var walletId = http.walletWith(1_000);
    var first = http.charge(walletId, "c1", "sms", 30).ok();

    var again = http.charge(walletId, "c1", "sms", 30).ok();
    var other = http.charge(walletId, "c1", "sms", 31);

    assertThat(again.body()).isEqualTo(first.body());
    assertThat(other.status()).isEqualTo(422);
    assertThat(other.code()).isEqualTo("IDEMPOTENCY_KEY_REUSED");
    assertThat(http.wallet(walletId).spentMinor()).isEqualTo(70);
  }

  @Test
  void wrongChargesAreProblems() {
    var walletId = http.walletWith(1);

    assertThat(http.charge(walletId, "c1", "fax", 1).code()).isEqualTo("UNKNOWN_SERVICE");
    assertThat(http.charge(walletId, "c1", "sms", 0).code()).isEqualTo("INVALID_FIELD");
    assertThat(http.charge(walletId, "\\u0000", "sms", 1).code()).isEqualTo("INVALID_FIELD");
    assertThat(http.get("/wallets/" + walletId + "/charges/check?service=fax&units=1").code())
        .isEqualTo("UNKNOWN_SERVICE");
    assertThat(http.get("/wallets/" + walletId + "/charges/check?service=sms&units=0").code())
        .isEqualTo("INVALID_FIELD");
    assertThat(http.get("/wallets/" + walletId + "/charges/check?unit=1").code())
        .isEqualTo("UNKNOWN_FIELD");
  }

  @Test
  void newMonthHasItsOwnQuota() {
    var walletId = UuidV7.next();
    setMonth("select date '2031-01-01'");
    http.charge(walletId, "january", "sms", 20).ok();
    assertThat(check(walletId, 1)).isEqualTo("false INSUFFICIENT 0 7");

    setMonth("select date '2031-02-01'");

    assertThat(check(walletId, 20)).isEqualTo("true FREE 20 0");
    http.charge(walletId, "february", "sms", 19).ok();
    assertThat(usedByMonth(walletId)).isEqualTo(Map.of("2031-01-01", 20L, "2031-02-01", 19L));
  }

  @Test
  void orderUsesQuotaThenVoucherThenMoney() {
    var walletId = http.walletWith(1_000);
    String voucher = http.voucher(50, 1);
    var saga = CommandDriver.newSaga();
    var order =
        new HoldBalance(
            walletId,
            500,
            "EUR",
            false,
            voucher,
            List.of(new HoldBalance.Metered("sms", 30, 10), new HoldBalance.Metered("fax", 1, 5)));

    var held = driver.ask(driver.tryIt(saga, order));
    assertThat(check(walletId, 1)).isEqualTo("true BALANCE 0 7");
    driver.ask(driver.confirm(saga));

    assertThat(Json.read(held.body(), BalanceHeld.class)).isEqualTo(new BalanceHeld(500, 200, 50));
    assertThat(http.wallet(walletId).spentMinor()).isEqualTo(250);
    assertThat(usedByMonth(walletId).values()).containsExactly(20L);
    http.checkLedger();
  }

  @Test
  void cancelledOrderGivesItsQuotaBackToTheMonthThatItCameFrom() {
    var walletId = http.walletWith(1_000);
    var saga = CommandDriver.newSaga();
    setMonth("select date '2031-01-01'");
    var order =
        new HoldBalance(
            walletId, 500, "EUR", false, null, List.of(new HoldBalance.Metered("sms", 30, 10)));
    driver.ask(driver.tryIt(saga, order));

    setMonth("select date '2031-02-01'");
    driver.ask(driver.cancel(saga));
    setMonth("select date '2031-01-01'");

    assertThat(check(walletId, 20)).isEqualTo("true FREE 20 0");
    assertThat(http.wallet(walletId).availableMinor()).isEqualTo(1_000);
    http.checkLedger();
  }

  @Test
  void meteredPartsThatAreMoreThanTheOrderAreRefused() {
    var walletId = http.walletWith(1_000);
    var order =
        new HoldBalance(
            walletId,
            100,
            "EUR",
            false,
            null,
            List.of(new HoldBalance.Metered("sms", Long.MAX_VALUE, Long.MAX_VALUE)));

    var answer = driver.ask(driver.tryIt(CommandDriver.newSaga(), order));

    assertThat(answer.reason().code()).isEqualTo("INVALID_REQUEST");
  }

  @Test
  void firstChargesOfAWalletThatRaceTakeTheQuotaOnce() {
    var walletId = UuidV7.next();

    var answers = Race.of(120, i -> () -> http.charge(walletId, "c" + i, "sms", 1));

    assertThat(answers.stream().filter(answer -> answer.status() == 200)).hasSize(20);
    assertThat(answers.stream().filter(answer -> answer.status() != 200))
        .hasSize(100)
        .allMatch(answer -> answer.code().equals("INSUFFICIENT_BALANCE"));
    http.checkLedger();
  }

  @Test
  @Tag("R-W1")
  void chargesAndOrdersThatRaceSpendQuotaAndBalanceOnceEach() {
    var walletId = http.walletWith(140);

    var answers =
        Race.of(
            100,
            i ->
                () -> {
                  if (i % 2 == 0) {
                    return http.charge(walletId, "c" + i, "sms", 1).status() == 200;
                  }
                  var saga = CommandDriver.newSaga();
                  var order =
                      new HoldBalance(
                          walletId,
                          7,
                          "EUR",
                          false,
                          null,
                          List.of(new HoldBalance.Metered("sms", 1, 7)));
                  var tried = driver.tryIt(saga, order);
                  driver.deliver(tried);
                  if (!driver.answerTo(tried).isDone()) {
                    return false;
                  }
                  driver.deliver(driver.confirm(saga));
                  return true;
                });

    assertThat(answers.stream().filter(paid -> paid)).hasSize(20 + 140 / 7);
    assertThat(http.wallet(walletId)).isEqualTo(new Wallet(walletId, "EUR", 0, 0, 140, 0, 140, 0));
    http.checkLedger();
  }

  @Test
  void sameReferenceHundredTimesAtOnceIsChargedOnce() {
    var walletId = http.walletWith(1_000);

    var answers = Race.of(100, _ -> () -> http.charge(walletId, "same", "sms", 25));

    assertThat(answers).allMatch(answer -> answer.status() == 200);
    assertThat(answers.stream().map(WalletHttp.Answer::body).distinct()).hasSize(1);
    assertThat(http.wallet(walletId).spentMinor()).isEqualTo(35);
    assertThat(usedByMonth(walletId).values()).containsExactly(20L);
  }

  @Test
  @Tag("R-M2")
  void quotaOfWhichLessThanAFifthIsLeftIsCountedOnceAMonth() {
    var walletId = UuidV7.next();
    setMonth("select date '2031-05-01'");
    double before = metrics.counter("wallet.quota.low").count();

    http.charge(walletId, "c1", "sms", 16).ok();
    double aFifthIsLeft = metrics.counter("wallet.quota.low").count();
    http.charge(walletId, "c2", "sms", 1).ok();
    http.charge(walletId, "c3", "sms", 1).ok();
    double low = metrics.counter("wallet.quota.low").count();
    setMonth("select date '2031-06-01'");
    http.charge(walletId, "c4", "sms", 17).ok();

    assertThat(aFifthIsLeft).isEqualTo(before);
    assertThat(low).isEqualTo(before + 1);
    assertThat(metrics.counter("wallet.quota.low").count()).isEqualTo(before + 2);
  }

  @Test
  void chargesOverTheMonthsEdgeUseEachMonthsQuotaAndNoMore() {
    var walletId = UuidV7.next();
    // Every transaction sees one of two months, as around midnight.
    setMonth(
        "select case when txid_current() % 2 = 0 then date '2031-03-01' else date '2031-04-01' end");

    var answers = Race.of(120, i -> () -> http.charge(walletId, "c" + i, "sms", 1));

    long charged = answers.stream().filter(answer -> answer.status() == 200).count();
    assertThat(answers)
        .allMatch(answer -> answer.status() == 200 || answer.code().equals("INSUFFICIENT_BALANCE"));
    assertThat(usedByMonth(walletId)).allSatisfy((_, used) -> assertThat(used).isBetween(1L, 20L));
    assertThat(usedByMonth(walletId).values().stream().mapToLong(Long::longValue).sum())
        .isEqualTo(charged);
    assertThat(charged).isGreaterThan(20);
    http.checkLedger();
  }
}
