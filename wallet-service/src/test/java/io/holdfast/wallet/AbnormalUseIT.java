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
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
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
@ExtendWith(OutputCaptureExtension.class)
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

  /** Goes on to the end of the round. */
  private void round() {
    var began = roundBegan();
    do {
      check.checkPage();
    } while (roundBegan().equals(began));
  }

  private String roundBegan() {
    return jdbc.sql("select began_at::text from abnormal_use_round").query(String.class).single();
  }

  private void previousRoundBegan(Duration ago) {
    jdbc.sql(
            """
            update abnormal_use_round
            set began_at = now() - ? * interval '1 second',
              previous_began_at = now() - ? * interval '1 second'
            """)
        .params(ago.toSeconds(), ago.toSeconds())
        .update();
  }

  /** Payments of the past, one a second from {@code first} on. */
  private void paid(UUID walletId, int orders, long amountMinor, Instant first) {
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

    round();
    var fifty = flags(walletId);
    pay(walletId, 1, 7);
    double before = metrics.counter("wallet.abnormal.use").count();
    round();

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

    round();
    var tenThousand = flags(walletId);
    pay(walletId, 1, 1);
    round();

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

    round();

    assertThat(flags(walletId)).isEmpty();
  }

  @Test
  void paymentsThatLieMoreThanAnHourApartAreNotTogether() {
    var walletId = http.walletWith(10_000);
    paid(walletId, 26, 1, start.minus(Duration.ofMinutes(62)));
    paid(walletId, 25, 1, start.minusSeconds(30));
    previousRoundBegan(Duration.ofHours(1));

    round();

    assertThat(flags(walletId)).isEmpty();
  }

  @Test
  void paymentsOfBeforeTheRoundBeforeCountWithThoseBehindThem() {
    var walletId = http.walletWith(10_000);
    paid(walletId, 25, 1, start.minus(Duration.ofMinutes(110)));
    paid(walletId, 26, 1, start.minus(Duration.ofMinutes(53)));
    previousRoundBegan(Duration.ofMinutes(54));

    round();

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
  void slowRoundMissesNoHourAndSaysThatItIsLate(CapturedOutput output) {
    var walletId = http.walletWith(10_000);
    var hour = start.truncatedTo(ChronoUnit.HOURS).minus(Duration.ofHours(3));
    paid(walletId, 60, 1, hour.minus(Duration.ofHours(2)));
    paid(walletId, 60, 1, hour);
    previousRoundBegan(Duration.ofHours(6));

    round();

    var hours = new ArrayList<String>();
    flags(walletId).forEach(flag -> hours.add(flag.get("hour").asString()));
    assertThat(hours)
        .containsExactlyInAnyOrder(hour.toString(), hour.minus(Duration.ofHours(2)).toString());
    assertThat(told(walletId)).hasSize(2).allMatch(use -> use.payments() == 51);
    assertThat(output).contains("a round over all wallets took PT6H");
  }

  @Test
  void firstOfAllWalletsIsLookedAtToo() {
    var walletId = new UUID(0, 0);
    http.credit(walletId, 10_000, "first").ok();
    pay(walletId, 51, 1);

    round();

    assertThat(flags(walletId)).isNotEmpty();
  }

  @Test
  void hundredChecksAtOnceFlagAWalletOnceAnHourAndAgainInAnother() {
    var walletId = http.walletWith(10_000);
    pay(walletId, 60, 1);

    Race.of(
        100,
        _ ->
            () -> {
              check.checkPage();
              return true;
            });
    round();
    pay(walletId, 60, 1);
    round();
    var flagged = flags(walletId);
    // As if all that had been flagged for other hours.
    jdbc.sql("update abnormal_use set hour = hour - interval '2 hours' where wallet_id = ?")
        .param(walletId)
        .update();
    round();

    // Two only if the clock struck in between.
    assertThat(flagged.size()).isBetween(1, 2);
    assertThat(flags(walletId)).hasSize(2 * flagged.size());
    assertThat(told(walletId)).hasSize(2 * flagged.size());
  }

  @Test
  void listIsNewestFirstAndByPages() {
    var wallets = IntStream.range(0, 3).mapToObj(_ -> http.walletWith(100)).toList();
    for (var walletId : wallets) {
      paid(walletId, 51, 1, start.minusSeconds(60));
    }
    round();

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
  @Tag("R-M5")
  void roundReadsOnlyWhatIsRecentByTheLedgersKey() {
    var plan =
        String.join(
            "\n",
            jdbc.sql("explain (costs off) " + AbnormalUseStore.BEYOND)
                .params(
                    UuidV7.next(),
                    start.atOffset(ZoneOffset.UTC),
                    50,
                    TEN_THOUSAND,
                    new UUID(0, 0),
                    new UUID(-1, -1))
                .query(String.class)
                .list());

    assertThat(plan)
        .containsPattern(
            "wallet_entry_pkey.*\\s+"
                + "Index Cond: \\(\\(wallet_id = w.wallet_id\\) AND \\(cause_id >= ")
        .containsPattern(
            "wallet_pkey.*\\s+" + "Index Cond: \\(\\(wallet_id >= .*\\) AND \\(wallet_id <= ");
  }
}
