package io.holdfast.wallet;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.contracts.wallet.AbnormalUse;
import io.holdfast.contracts.wallet.HoldBalance;
import io.holdfast.contracts.wallet.WalletContract;
import io.holdfast.messaging.BatchConsumers;
import io.holdfast.messaging.Envelope;
import io.holdfast.messaging.Json;
import io.holdfast.messaging.UuidV7;
import io.holdfast.participant.testing.CommandDriver;
import io.holdfast.participant.testing.OutboxReader;
import io.holdfast.testing.HoldfastTest;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;

@HoldfastTest({
  "spring.config.name=wallet-service",
  "holdfast.wallet.abnormal-use.every=1h",
  "holdfast.wallet.abnormal-use.page=3",
  "holdfast.wallet.ledger-check.every=1h",
  "holdfast.wallet.quota.sms.allowance=0"
})
@Tag("R-M3")
class AbnormalUseIT {

  private static final long TEN_THOUSAND = 1_000_000;

  private final Instant start = Instant.now();

  @LocalServerPort private int port;
  @Autowired private BatchConsumers consumers;
  @Autowired private JdbcClient jdbc;
  @Autowired private MeterRegistry metrics;
  @Autowired private AbnormalUseCheck check;
  private WalletHttp http;
  private CommandDriver<HoldBalance> driver;

  @BeforeEach
  void connect() {
    http = new WalletHttp(port);
    driver = new CommandDriver<>(WalletContract.WALLET, consumers, jdbc);
  }

  /** Orders that are paid. */
  private void pay(UUID walletId, int orders, long amountMinor) {
    var batch = new ArrayList<Envelope>();
    for (int i = 0; i < orders; i++) {
      var saga = CommandDriver.newSaga();
      batch.add(driver.tryIt(saga, new HoldBalance(walletId, amountMinor, "EUR", false)));
      batch.add(driver.confirm(saga));
    }
    driver.deliver(batch);
  }

  /** Payments of the past, one a second from {@code ago} on. */
  private void paid(UUID walletId, int orders, long amountMinor, Duration ago) {
    var first = Instant.now().minus(ago);
    for (int i = 0; i < orders; i++) {
      var at = first.plusSeconds(i);
      var lowest = UuidV7.lowestAt(at);
      jdbc.sql(
              """
              insert into wallet_entry (wallet_id, cause_id, operation, debit_account,
                credit_account, amount_minor, at)
              values (?, ?, 'CONFIRM', 'HELD', 'SPENT', ?, ?::timestamptz)
              """)
          .params(
              walletId,
              new UUID(lowest.getMostSignificantBits(), UuidV7.next().getLeastSignificantBits()),
              amountMinor,
              at.toString())
          .update();
    }
  }

  private JsonNode flags(UUID walletId) {
    return http.get("/abnormal-uses?walletId=" + walletId).ok().json().get("flags");
  }

  private List<AbnormalUse> told(UUID walletId) {
    return new OutboxReader(jdbc)
        .since(start).stream()
            .filter(message -> message.type().equals(WalletContract.ABNORMAL_USE_TYPE))
            .map(message -> Json.read(message.body(), AbnormalUse.class))
            .filter(event -> event.walletId().equals(walletId))
            .toList();
  }

  @Test
  void fiftyPaymentsInAnHourAreUsualAndFiftyOneAreFlaggedAndTold() {
    var walletId = http.walletWith(10_000);
    pay(walletId, 48, 7);
    http.charge(walletId, "c1", "sms", 1).ok();
    http.confirmHold(http.held(walletId, 100), 7).ok();

    check.checkAll();
    var fifty = flags(walletId);
    pay(walletId, 1, 7);
    double before = metrics.counter("wallet.abnormal.use").count();
    check.checkAll();

    assertThat(fifty).isEmpty();
    assertThat(flags(walletId)).hasSize(1);
    var flag = flags(walletId).get(0);
    assertThat(flag.get("payments").asLong()).isEqualTo(51);
    assertThat(flag.get("amountMinor").asLong()).isEqualTo(51 * 7);
    assertThat(told(walletId))
        .containsExactly(
            new AbnormalUse(
                walletId, Instant.parse(flag.get("hour").asString()), 51, 51 * 7, "EUR"));
    assertThat(metrics.counter("wallet.abnormal.use").count()).isEqualTo(before + 1);
  }

  @Test
  void tenThousandInAnHourIsUsualAndOneCentMoreIsFlagged() {
    var walletId = http.walletWith(3 * TEN_THOUSAND);
    pay(walletId, 2, TEN_THOUSAND / 2);

    check.checkAll();
    var tenThousand = flags(walletId);
    pay(walletId, 1, 1);
    check.checkAll();

    assertThat(tenThousand).isEmpty();
    assertThat(flags(walletId)).hasSize(1);
    assertThat(flags(walletId).get(0).get("amountMinor").asLong()).isEqualTo(TEN_THOUSAND + 1);
    assertThat(flags(walletId).get(0).get("payments").asLong()).isEqualTo(3);
  }

  @Test
  void whatIsHeldGivenBackOrPaidOutIsNoPayment() {
    var walletId = http.walletWith(5 * TEN_THOUSAND);
    http.held(walletId, TEN_THOUSAND + 1);
    http.releaseHold(http.held(walletId, TEN_THOUSAND + 1)).ok();
    http.confirmHold(http.held(walletId, TEN_THOUSAND + 1), TEN_THOUSAND).ok();
    http.approvedWithdrawal(walletId, TEN_THOUSAND + 1);

    check.checkAll();

    assertThat(flags(walletId)).isEmpty();
  }

  @Test
  void paymentsThatLieMoreThanAnHourApartAreNotTogether() {
    var walletId = http.walletWith(10_000);
    paid(walletId, 26, 1, Duration.ofMinutes(62));
    paid(walletId, 25, 1, Duration.ofSeconds(30));

    check.checkAll();

    assertThat(flags(walletId)).isEmpty();
  }

  @Test
  void hourThatWasOverBeforeItsTurnCameIsStillSeen() {
    var walletId = http.walletWith(10_000);
    paid(walletId, 25, 1, Duration.ofMinutes(110));
    paid(walletId, 26, 1, Duration.ofMinutes(53));

    check.checkAll();

    assertThat(flags(walletId)).hasSize(1);
    assertThat(flags(walletId).get(0).get("hour").asString())
        .isEqualTo(
            start
                .minus(Duration.ofMinutes(53))
                .plusSeconds(25)
                .truncatedTo(ChronoUnit.HOURS)
                .toString());
  }

  @Test
  void hundredChecksAtOnceFlagAWalletOnceAnHourAndAgainInAnother() {
    var walletId = http.walletWith(10_000);
    pay(walletId, 60, 1);

    Race.of(
        100,
        _ ->
            () -> {
              check.checkAll();
              return true;
            });
    pay(walletId, 60, 1);
    check.checkAll();
    var thisHour = flags(walletId);
    // As if all that had been an hour of the clock ago.
    jdbc.sql("update abnormal_use set hour = hour - interval '1 hour' where wallet_id = ?")
        .param(walletId)
        .update();
    check.checkAll();

    // One more only if the clock struck in between.
    assertThat(thisHour.size()).isEqualTo(told(walletId).size() - 1);
    assertThat(thisHour.size()).isBetween(1, 2);
    assertThat(flags(walletId)).hasSize(thisHour.size() + 1);
  }

  @Test
  void listIsNewestFirstAndByPages() {
    var wallets = IntStream.range(0, 3).mapToObj(_ -> http.walletWith(100)).toList();
    for (var walletId : wallets) {
      paid(walletId, 51, 1, Duration.ofMinutes(1));
    }
    check.checkAll();

    var first = http.get("/abnormal-uses?limit=2").ok().json();
    var rest =
        http.get("/abnormal-uses?limit=500&after=" + first.get("next").asString()).ok().json();

    var ids = new ArrayList<String>();
    first.get("flags").forEach(flag -> ids.add(flag.get("id").asString()));
    rest.get("flags").forEach(flag -> ids.add(flag.get("id").asString()));
    assertThat(first.get("flags")).hasSize(2);
    assertThat(ids).isSortedAccordingTo(java.util.Comparator.reverseOrder());
    assertThat(rest.get("next").isNull()).isTrue();
    assertThat(http.get("/abnormal-uses?limit=0").code()).isEqualTo("INVALID_FIELD");
    assertThat(http.get("/abnormal-uses?after=x").code()).isEqualTo("INVALID_FIELD");
    assertThat(http.get("/abnormal-uses?user=x").code()).isEqualTo("UNKNOWN_FIELD");
  }

  @Test
  void roundReadsOnlyWhatIsRecentByTheLedgersKey() {
    var plan =
        String.join(
            "\n",
            jdbc.sql(
                    """
                    explain (costs off)
                    select e.at
                    from wallet w
                    cross join lateral (
                      select e.at from wallet_entry e
                      where e.wallet_id = w.wallet_id and e.cause_id >= ?
                        and e.operation in ('CONFIRM', 'CHARGE')) e
                    where w.wallet_id > ? and w.wallet_id <= ?
                    """)
                .params(UuidV7.next(), new UUID(0, 0), new UUID(-1, -1))
                .query(String.class)
                .list());

    assertThat(plan)
        .contains("wallet_entry_pkey")
        .contains("cause_id >=")
        .doesNotContain("Seq Scan");
  }
}
