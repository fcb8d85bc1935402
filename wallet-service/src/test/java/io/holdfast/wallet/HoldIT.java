package io.holdfast.wallet;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.messaging.UuidV7;
import io.holdfast.testing.HoldfastTest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Money that is set aside over HTTP. */
@HoldfastTest("spring.config.name=wallet-service")
class HoldIT {

  private static final long HOUR = 3_600;

  @LocalServerPort private int port;
  @Autowired private JdbcClient jdbc;
  private WalletHttp http;

  @BeforeEach
  void connect() {
    http = new WalletHttp(port);
  }

  private HoldState state(UUID holdId) {
    return HoldState.valueOf(http.get("/holds/" + holdId).ok().json().get("state").asString());
  }

  /** Operations and amounts of a hold's entries; all of one moment but the first. */
  private List<String> entries(UUID walletId, UUID holdId) {
    var lines = new ArrayList<String>();
    var moments = new HashSet<String>();
    for (var line : http.get("/wallets/" + walletId + "/entries").ok().json().get("entries")) {
      if (line.get("causeId").asString().equals(holdId.toString())) {
        lines.add(line.get("operation").asString() + " " + line.get("amountMinor").asLong());
        if (!line.get("operation").asString().equals("HOLD")) {
          moments.add(line.get("at").asString());
        }
      }
    }
    assertThat(moments).hasSizeLessThanOrEqualTo(1);
    return lines;
  }

  @Test
  void holdSetsMoneyAsideAndTheSameReferenceIsTheSameHold() {
    var walletId = http.walletWith(1_000);

    var first = http.hold(walletId, "rental-7", 300, HOUR).ok();
    var again = http.hold(walletId, "rental-7", 300, HOUR).ok();

    assertThat(again.body()).isEqualTo(first.body());
    assertThat(first.json().get("state").asString()).isEqualTo("HELD");
    assertThat(first.json().get("expiresAt").isNull()).isFalse();
    assertThat(http.wallet(walletId))
        .isEqualTo(new Wallet(walletId, "EUR", 700, 300, 0, 0, 1_000, 0));
  }

  @Test
  void sameReferenceForAnotherHoldIsRefused() {
    var walletId = http.walletWith(1_000);
    http.hold(walletId, "rental-7", 300, HOUR).ok();

    var otherAmount = http.hold(walletId, "rental-7", 301, HOUR);
    var otherTime = http.hold(walletId, "rental-7", 300, HOUR + 1);

    assertThat(otherAmount.status()).isEqualTo(422);
    assertThat(otherAmount.code()).isEqualTo("IDEMPOTENCY_KEY_REUSED");
    assertThat(otherTime.code()).isEqualTo("IDEMPOTENCY_KEY_REUSED");
    assertThat(http.wallet(walletId).heldMinor()).isEqualTo(300);
  }

  @Test
  void refusalForTheBalanceStaysOneWhenMoneyArrives() {
    var walletId = http.walletWith(100);

    var first = http.hold(walletId, "rental-7", 300, HOUR);
    http.credit(walletId, 1_000, "more").ok();
    var again = http.hold(walletId, "rental-7", 300, HOUR);

    assertThat(first.status()).isEqualTo(409);
    assertThat(first.code()).isEqualTo("INSUFFICIENT_BALANCE");
    assertThat(again.code()).isEqualTo("INSUFFICIENT_BALANCE");
    assertThat(http.wallet(walletId).heldMinor()).isZero();
  }

  @Test
  @Tag("R-W8")
  void confirmedPartIsSpentAndTheRestIsBackInTheSameTransaction() {
    var walletId = http.walletWith(1_000);
    var holdId = http.held(walletId, 500);

    var answer = http.confirmHold(holdId, 300).ok().json();

    assertThat(answer.get("state").asString()).isEqualTo("CONFIRMED");
    assertThat(answer.get("confirmedMinor").asLong()).isEqualTo(300);
    assertThat(http.wallet(walletId))
        .isEqualTo(new Wallet(walletId, "EUR", 700, 0, 300, 0, 1_000, 0));
    assertThat(entries(walletId, holdId))
        .containsExactlyInAnyOrder("HOLD 500", "CONFIRM 300", "CANCEL 200");
    http.checkLedger();
  }

  @Test
  @Tag("R-W8")
  void confirmWithoutAnAmountSpendsAll() {
    var walletId = http.walletWith(1_000);
    var holdId = http.held(walletId, 500);

    http.confirmHold(holdId).ok();

    assertThat(http.wallet(walletId).spentMinor()).isEqualTo(500);
    assertThat(entries(walletId, holdId)).containsExactlyInAnyOrder("HOLD 500", "CONFIRM 500");
    assertThat(http.confirmHold(holdId, 500).status()).isEqualTo(200);
  }

  @Test
  void repeatedConfirmIsTheSameAndWithAnotherAmountAConflict() {
    var walletId = http.walletWith(1_000);
    var holdId = http.held(walletId, 500);
    var first = http.confirmHold(holdId, 300).ok();

    var same = http.confirmHold(holdId, 300).ok();
    var other = http.confirmHold(holdId, 301);
    var all = http.confirmHold(holdId);

    assertThat(same.body()).isEqualTo(first.body());
    assertThat(other.status()).isEqualTo(409);
    assertThat(other.code()).isEqualTo("HOLD_CONFIRMED");
    assertThat(all.code()).isEqualTo("HOLD_CONFIRMED");
    assertThat(http.releaseHold(holdId).code()).isEqualTo("HOLD_CONFIRMED");
    assertThat(http.wallet(walletId).spentMinor()).isEqualTo(300);
  }

  @Test
  void moreThanIsHeldCannotBeConfirmedAndTheHoldStays() {
    var walletId = http.walletWith(1_000);
    var holdId = http.held(walletId, 500);

    var answer = http.confirmHold(holdId, 501);

    assertThat(answer.status()).isEqualTo(422);
    assertThat(answer.code()).isEqualTo("MORE_THAN_HELD");
    assertThat(state(holdId)).isEqualTo(HoldState.HELD);
    assertThat(http.confirmHold(holdId, 500).status()).isEqualTo(200);
  }

  @Test
  void releasedHoldIsBackOnceAndCannotBeConfirmed() {
    var walletId = http.walletWith(1_000);
    var holdId = http.held(walletId, 500);

    var first = http.releaseHold(holdId).ok();
    var again = http.releaseHold(holdId).ok();

    assertThat(again.body()).isEqualTo(first.body());
    assertThat(http.confirmHold(holdId, 1).code()).isEqualTo("HOLD_RELEASED");
    assertThat(http.wallet(walletId))
        .isEqualTo(new Wallet(walletId, "EUR", 1_000, 0, 0, 0, 1_000, 0));
  }

  @Test
  @Tag("R-S3")
  void holdThatNobodyEndsGoesBackByItselfWhenItsTimeIsOver() {
    var walletId = http.walletWith(1_000);
    var answer = http.hold(walletId, "rental-7", 500, 1).ok().json();
    var holdId = UUID.fromString(answer.get("holdId").asString());

    Awaitility.await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> state(holdId) == HoldState.EXPIRED);

    assertThat(http.wallet(walletId).availableMinor()).isEqualTo(1_000);
    assertThat(http.confirmHold(holdId).code()).isEqualTo("HOLD_EXPIRED");
    assertThat(http.releaseHold(holdId).code()).isEqualTo("HOLD_EXPIRED");
    assertThat(http.hold(walletId, "rental-7", 500, 1).ok().json().get("state").asString())
        .isEqualTo("EXPIRED");
    http.checkLedger();
  }

  @Test
  @Tag("R-S3")
  void holdThatCannotEndIsPutOffAndOthersExpire() {
    var walletId = http.walletWith(1_000);
    var broken = http.held(walletId, 500);
    // As its expiry would have written it: so that cannot be written.
    jdbc.sql(
            """
            insert into wallet_entry
              (wallet_id, cause_id, operation, debit_account, credit_account, amount_minor)
            values (?, ?, 'CANCEL', 'HELD', 'AVAILABLE', 500)
            """)
        .params(walletId, broken)
        .update();
    try {
      var others = IntStream.range(0, 5).mapToObj(_ -> http.held(walletId, 10)).toList();

      expire(broken);
      others.forEach(this::expire);

      Awaitility.await()
          .atMost(Duration.ofSeconds(20))
          .until(() -> others.stream().allMatch(hold -> state(hold) == HoldState.EXPIRED));
      Awaitility.await()
          .atMost(Duration.ofSeconds(20))
          .until(() -> secondsUntilNextAction(broken) > 30);
      assertThat(state(broken)).isEqualTo(HoldState.HELD);
      assertThat(
              Instant.parse(http.get("/holds/" + broken).ok().json().get("expiresAt").asString()))
          .isBefore(Instant.now());
      assertThat(http.wallet(walletId))
          .isEqualTo(new Wallet(walletId, "EUR", 500, 500, 0, 0, 1_000, 0));
    } finally {
      end(broken, walletId);
    }
    http.checkLedger();
  }

  private long secondsUntilNextAction(UUID holdId) {
    return jdbc.sql(
            """
            select extract(epoch from next_action_at - now())::bigint from wallet_hold
            where hold_id = ?
            """)
        .param(holdId)
        .query(Long.class)
        .single();
  }

  /** What its entry says already. */
  private void end(UUID holdId, UUID walletId) {
    jdbc.sql(
            """
            update wallet_hold
            set state = 'EXPIRED', ended_at = now(), expires_at = null, next_action_at = null
            where hold_id = ?
            """)
        .param(holdId)
        .update();
    jdbc.sql(
            """
            update wallet
            set available_minor = available_minor + 500, held_minor = held_minor - 500
            where wallet_id = ?
            """)
        .param(walletId)
        .update();
  }

  @Test
  @Tag("R-S3")
  void confirmThatComesTooLateEndsTheHoldItself() {
    var walletId = http.walletWith(1_000);
    var holdId = http.held(walletId, 500);
    expire(holdId);

    var answer = http.confirmHold(holdId, 300);

    assertThat(answer.code()).isEqualTo("HOLD_EXPIRED");
    assertThat(http.wallet(walletId))
        .isEqualTo(new Wallet(walletId, "EUR", 1_000, 0, 0, 0, 1_000, 0));
  }

  private boolean expire(UUID holdId) {
    return jdbc.sql(
                """
                update wallet_hold set expires_at = now(), next_action_at = now()
                where hold_id = ? and state = 'HELD'
                """)
            .param(holdId)
            .update()
        == 1;
  }

  @Test
  @Tag("R-W6")
  void walletThatDoesNotExistIsRefusedForItsBalance() {
    var answer = http.hold(UuidV7.next(), "rental-7", 1, HOUR);

    assertThat(answer.status()).isEqualTo(409);
    assertThat(answer.code()).isEqualTo("INSUFFICIENT_BALANCE");
  }

  @Test
  void refusalStaysOneWhenTheWalletOpensInAnotherCurrency() {
    var walletId = UuidV7.next();

    var first = http.hold(walletId, "rental-7", 300, HOUR);
    http.credit(walletId, 1_000, "first", "USD").ok();
    var again = http.hold(walletId, "rental-7", 300, HOUR);
    var other = http.hold(walletId, "rental-8", 300, HOUR);

    assertThat(first.code()).isEqualTo("INSUFFICIENT_BALANCE");
    assertThat(again.code()).isEqualTo("INSUFFICIENT_BALANCE");
    assertThat(other.code()).isEqualTo("CURRENCY_MISMATCH");
  }

  @Test
  void wrongRequestsAreProblems() {
    var walletId = http.walletWith(100);
    var holdId = http.held(walletId, 10);

    assertThat(http.hold(walletId, "r", 0, HOUR).code()).isEqualTo("INVALID_FIELD");
    assertThat(http.hold(walletId, "r", 1, 0).code()).isEqualTo("INVALID_FIELD");
    assertThat(http.hold(walletId, "r", 1, 604_801).code()).isEqualTo("INVALID_FIELD");
    assertThat(http.hold(walletId, "\\u0000", 1, HOUR).code()).isEqualTo("INVALID_FIELD");
    assertThat(http.post("/wallets/" + walletId + "/holds", "{}").code())
        .isEqualTo("INVALID_FIELD");
    assertThat(http.confirmHold(holdId, 0).code()).isEqualTo("INVALID_FIELD");
    assertThat(http.post("/holds/" + holdId + "/confirm", "{\"amount\":1}").code())
        .isEqualTo("UNKNOWN_FIELD");
    assertThat(http.confirmHold(UuidV7.next()).code()).isEqualTo("UNKNOWN_HOLD");
    assertThat(http.releaseHold(UuidV7.next()).status()).isEqualTo(404);
    assertThat(http.get("/holds/" + UuidV7.next()).code()).isEqualTo("UNKNOWN_HOLD");
    assertThat(http.get("/holds/x").code()).isEqualTo("INVALID_FIELD");
    assertThat(
            http.post(
                    "/wallets/" + walletId + "/holds",
                    """
                    {"reference":"r","amountMinor":1,"currency":"USD","expiresInSeconds":60}
                    """)
                .code())
        .isEqualTo("CURRENCY_MISMATCH");
  }

  @Test
  @Tag("R-W1")
  void hundredHoldsAtOnceTakeWhatIsThereAndNoMore() {
    var walletId = http.walletWith(4_000);

    var answers = Race.of(120, i -> () -> http.hold(walletId, "h" + i, 100, HOUR));

    assertThat(answers.stream().filter(answer -> answer.status() == 200)).hasSize(40);
    assertThat(answers.stream().filter(answer -> answer.status() != 200))
        .allMatch(answer -> answer.code().equals("INSUFFICIENT_BALANCE"));
    assertThat(http.wallet(walletId))
        .isEqualTo(new Wallet(walletId, "EUR", 0, 4_000, 0, 0, 4_000, 0));
    http.checkLedger();
  }

  @Test
  void sameReferenceHundredTimesAtOnceHoldsOnce() {
    var walletId = http.walletWith(1_000);

    var answers = Race.of(120, _ -> () -> http.hold(walletId, "same", 400, HOUR));

    assertThat(answers).allMatch(answer -> answer.status() == 200);
    assertThat(answers.stream().map(WalletHttp.Answer::body).distinct()).hasSize(1);
    assertThat(http.wallet(walletId).heldMinor()).isEqualTo(400);
  }

  @Test
  @Tag("R-W8")
  void confirmsOfDifferentAmountsReleasesAndExpiryThatRaceEndAHoldOnce() {
    var walletId = http.walletWith(10_000);
    long spent = 0;
    for (int round = 0; round < 5; round++) {
      var holdId = http.held(walletId, 500);
      // The later the round, the later its time is over.
      int expiring = 1 + round * 25;

      var answers =
          Race.of(
              120,
              i ->
                  () -> {
                    if (i == expiring) {
                      expire(holdId);
                    }
                    return i % 3 == 0
                        ? http.releaseHold(holdId)
                        : http.confirmHold(holdId, 1 + i % 5);
                  });

      var hold = http.get("/holds/" + holdId).ok().json();
      long confirmed = hold.get("confirmedMinor").asLong();
      var state = HoldState.valueOf(hold.get("state").asString());
      for (int i = 0; i < answers.size(); i++) {
        boolean isWhatHappened =
            i % 3 == 0
                ? state == HoldState.RELEASED
                : state == HoldState.CONFIRMED && confirmed == 1 + i % 5;
        assertThat(answers.get(i).status())
            .as("%s of %s", i, hold)
            .isEqualTo(isWhatHappened ? 200 : 409);
      }
      spent += confirmed;
      assertThat(http.wallet(walletId))
          .isEqualTo(new Wallet(walletId, "EUR", 10_000 - spent, 0, spent, 0, 10_000, 0));
    }
    http.checkLedger();
  }
}
